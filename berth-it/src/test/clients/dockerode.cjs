// Docker's library for Node against an engine: DOCKER_HOST names it, the argument is the report's file.
// What is called is what the library documents: https://github.com/apocas/dockerode
'use strict';

const assert = require('node:assert/strict');
const { appendFileSync } = require('node:fs');
const { PassThrough } = require('node:stream');
const { setTimeout: pause } = require('node:timers/promises');
const Docker = require('dockerode');
const tar = require('tar-stream');

const docker = new Docker({ socketPath: process.env.DOCKER_HOST.replace('unix://', '') });
const IMAGE = 'busybox:latest';

const sleeper = async (options = {}) => {
  const container = await docker.createContainer({ Image: IMAGE, Cmd: ['sleep', '1000'], ...options });
  await container.start();
  return container;
};

const text = async (stream) => {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString();
};

// The two outputs of a stream without a terminal.
const outputs = async (stream) => {
  const out = new PassThrough();
  const err = new PassThrough();
  docker.modem.demuxStream(stream, out, err);
  stream.on('end', () => { out.end(); err.end(); });
  return Promise.all([text(out), text(err)]);
};

const archive = (name, content) => {
  const pack = tar.pack();
  pack.entry({ name, mode: 0o640 }, content);
  pack.finalize();
  return pack;
};

const fails = async (status, words, call) => {
  const failure = await call().then(() => assert.fail('nothing was refused'), (reason) => reason);
  assert.equal(failure.statusCode, status, String(failure));
  assert.ok(String(failure.json && failure.json.message).includes(words), String(failure));
};

const cases = {
  async 'system'() {
    assert.equal(String(await docker.ping()), 'OK');
    assert.ok((await docker.version()).ApiVersion);
    assert.equal((await docker.info()).OSType, 'linux');
    assert.ok(Array.isArray((await docker.df()).Volumes));
  },

  async 'run gives output and exit code'() {
    const out = new PassThrough();
    const err = new PassThrough();
    const [result, container] = await docker.run(
      IMAGE, ['sh', '-c', 'echo out; echo err >&2; exit 3'], [out, err], { Tty: false });
    out.end();
    err.end();
    assert.equal(result.StatusCode, 3);
    assert.equal(await text(out), 'out\n');
    assert.equal(await text(err), 'err\n');
    await container.remove();
  },

  async 'life of a container'() {
    const container = await sleeper({ name: 'node-life', Labels: { by: 'node' } });
    assert.equal((await container.inspect()).State.Running, true);
    const listed = await docker.listContainers({ filters: { label: ['by=node'] } });
    assert.deepEqual(listed.map((one) => one.Names[0]), ['/node-life']);
    await container.pause();
    assert.equal((await container.inspect()).State.Status, 'paused');
    await container.unpause();
    await container.rename({ name: 'node-renamed' });
    await container.update({ Memory: 64 << 20, MemorySwap: 128 << 20 });
    assert.equal((await container.inspect()).HostConfig.Memory, 64 << 20);
    assert.ok((await container.top()).Processes.some((row) => row.join(' ').includes('sleep')));
    await container.restart({ t: 0 });
    const ended = container.wait();
    await container.kill({ signal: 'SIGKILL' });
    assert.equal((await ended).StatusCode, 137);
    assert.equal((await container.stop().catch((reason) => reason)).statusCode, 304);
    await container.remove();
    await fails(404, 'No such container', () => container.inspect());
  },

  async 'logs'() {
    const container = await docker.createContainer({
      Image: IMAGE, Cmd: ['sh', '-c', 'echo one; echo two >&2; sleep 1; echo three'] });
    await container.start();
    const followed = await container.logs({ stdout: true, stderr: true, follow: true });
    assert.deepEqual(await outputs(followed), ['one\nthree\n', 'two\n']);
    const last = await container.logs({ stdout: true, tail: 1, timestamps: true });
    assert.match(last.subarray(8).toString(), /^20\d\d-.* three\n$/);
    await container.remove({ force: true });
  },

  async 'attach and a half-closed input'() {
    const container = await docker.createContainer({
      Image: IMAGE, Cmd: ['sh', '-c', 'cat; echo end >&2'], OpenStdin: true, StdinOnce: true, AttachStdin: true });
    const stream = await container.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true });
    const both = outputs(stream);
    await container.start();
    stream.write('words\n');
    stream.end();
    assert.deepEqual(await both, ['words\n', 'end\n']);
    assert.equal((await container.wait()).StatusCode, 0);
    await container.remove();
  },

  async 'exec'() {
    const container = await sleeper();
    const exec = await container.exec({
      Cmd: ['sh', '-c', 'cat; echo err >&2; exit 4'], AttachStdin: true, AttachStdout: true, AttachStderr: true });
    const stream = await exec.start({ hijack: true, stdin: true });
    const both = outputs(stream);
    stream.write('in\n');
    stream.end();
    assert.deepEqual(await both, ['in\n', 'err\n']);
    let facts = await exec.inspect();
    while (facts.Running) { await pause(50); facts = await exec.inspect(); }
    assert.equal(facts.ExitCode, 4);
    const terminal = await container.exec({ Cmd: ['tty'], Tty: true, AttachStdout: true });
    assert.match(await text(await terminal.start({ Tty: true, hijack: true })), /^\/dev\//);
    await container.remove({ force: true });
  },

  async 'archives'() {
    const container = await sleeper();
    await container.putArchive(archive('file', 'content'), { path: '/tmp' });
    const extract = tar.extract();
    const found = {};
    extract.on('entry', async (header, stream, next) => { found[header.name] = await text(stream); next(); });
    const finished = new Promise((resolve, reject) => { extract.on('finish', resolve); extract.on('error', reject); });
    (await container.getArchive({ path: '/tmp/file' })).pipe(extract);
    await finished;
    assert.deepEqual(found, { file: 'content' });
    await fails(404, 'Could not find the file /none', () => container.getArchive({ path: '/none' }));
    assert.ok((await container.changes()).some((change) => change.Path === '/tmp/file'));
    await container.remove({ force: true });
  },

  async 'stats'() {
    const container = await sleeper();
    const once = await container.stats({ stream: false });
    assert.ok(once.cpu_stats.cpu_usage.total_usage > 0 && once.memory_stats.usage > 0);
    const stream = await container.stats({ stream: true });
    const [part] = await new Promise((resolve) => stream.once('data', (data) => resolve([data])));
    assert.ok(JSON.parse(part.toString().split('\n')[0]).read);
    stream.destroy();
    await container.remove({ force: true });
  },

  async 'events'() {
    const stream = await docker.getEvents({ filters: { label: ['watched=node'] } });
    const container = await sleeper({ Labels: { watched: 'node' } });
    await container.remove({ force: true });
    const actions = [];
    let rest = '';
    for await (const part of stream) {
      const lines = (rest + part).split('\n');
      rest = lines.pop();
      lines.filter(Boolean).forEach((line) => actions.push(JSON.parse(line).Action));
      if (actions.includes('destroy')) break;
    }
    assert.deepEqual(actions, ['create', 'start', 'kill', 'die', 'destroy']);
  },

  async 'networks'() {
    const network = await docker.createNetwork({
      Name: 'node-net', Internal: true, Labels: { by: 'node' }, IPAM: { Config: [{ Subnet: '172.31.8.0/24' }] } });
    const container = await sleeper({ name: 'node-on-net' });
    await network.connect({
      Container: container.id, EndpointConfig: { Aliases: ['other'], IPAMConfig: { IPv4Address: '172.31.8.9' } } });
    assert.equal((await network.inspect()).Containers[container.id].IPv4Address, '172.31.8.9/24');
    await fails(403, 'has active endpoints', () => network.remove());
    await network.disconnect({ Container: container.id });
    await network.remove();
    await fails(404, 'network node-net not found', () => docker.getNetwork('node-net').inspect());
    await container.remove({ force: true });
  },

  async 'volumes'() {
    await docker.createVolume({ Name: 'node-volume', Labels: { by: 'node' } });
    const volume = docker.getVolume('node-volume');
    const container = await sleeper({ HostConfig: { Binds: ['node-volume:/data'] } });
    await fails(409, 'volume is in use', () => volume.remove());
    await container.remove({ force: true });
    const listed = await docker.listVolumes({ filters: { label: ['by=node'] } });
    assert.deepEqual(listed.Volumes.map((one) => one.Name), ['node-volume']);
    await volume.remove();
    await fails(404, 'no such volume', () => volume.inspect());
  },

  async 'images'() {
    const image = docker.getImage(IMAGE);
    const facts = await image.inspect();
    await image.tag({ repo: 'node/copy', tag: '1' });
    const saved = await docker.getImage('node/copy:1').get();
    const bytes = [];
    for await (const part of saved) bytes.push(part);
    await docker.getImage('node/copy:1').remove();
    await fails(404, 'No such image: node/copy:1', () => docker.getImage('node/copy:1').inspect());
    const progress = await docker.loadImage(Buffer.concat(bytes));
    assert.match(await text(progress), /Loaded image: node\/copy:1/);
    assert.equal((await docker.getImage('node/copy:1').inspect()).Id, facts.Id);
    await docker.getImage('node/copy:1').remove();
  },

  async 'errors'() {
    const container = await sleeper({ name: 'node-taken' });
    await fails(409, 'is already in use by container', () => sleeper({ name: 'node-taken' }));
    await fails(409, 'cannot remove container', () => container.remove());
    await fails(404, 'No such image: none:1', () => docker.createContainer({ Image: 'none:1' }));
    await fails(400, 'Minimum memory limit', () => sleeper({ HostConfig: { Memory: 1 << 20 } }));
    await container.remove({ force: true });
  },

  async 'prune'() {
    await docker.createVolume({ Name: 'node-prune', Labels: { pruned: 'node' } });
    const answer = await docker.pruneVolumes({ filters: { label: ['pruned=node'], all: ['true'] } });
    assert.deepEqual(answer.VolumesDeleted, ['node-prune']);
  },
};

const main = async () => {
  for (const [name, run] of Object.entries(cases)) {
    const begin = Date.now();
    let status = 'PASSED';
    let details = '';
    try {
      const late = new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error('no end within a minute')), 60_000).unref();
      });
      await Promise.race([run(), late]);
    } catch (failure) {
      status = 'FAILED';
      details = String(failure.stack || failure);
    }
    const words = [status, Date.now() - begin, encodeURIComponent('dockerode: ' + name), encodeURIComponent(details)];
    appendFileSync(process.argv[2], words.join(' ') + '\n');
  }
  appendFileSync(process.argv[2], 'END 0  \n');
  process.exit(0);
};

main();

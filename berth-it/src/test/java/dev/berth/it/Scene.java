package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An engine with networks and containers on it, in the few words that the network tests need. */
final class Scene implements AutoCloseable {
  private final EngineUnderTest engine;

  private Scene(EngineUnderTest engine) {
    this.engine = engine;
  }

  /** Starts an engine that has the busybox image. */
  static Scene open(String... flags) {
    return new Scene(EngineUnderTest.start(flags).withBusybox());
  }

  /** An engine that was prepared otherwise, and has the image. */
  static Scene on(EngineUnderTest engine) {
    return new Scene(engine);
  }

  /** Starts an engine whose host was furnished before. */
  static Scene with(EngineUnderTest prepared) {
    prepared.startEngine();
    return new Scene(prepared.withBusybox());
  }

  EngineUnderTest engine() {
    return engine;
  }

  ApiClient.Answer get(String path) {
    return engine.api().get(path);
  }

  ApiClient.Answer post(String path, String json) {
    return engine.api().post(path, json);
  }

  ApiClient.Answer delete(String path) {
    return engine.api().delete(path);
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Asks for a network with these further members of the request. */
  ApiClient.Answer create(String name, String members) {
    String more = members.isEmpty() ? "" : "," + members;
    return post("/networks/create", "{\"Name\":\"" + name + "\"" + more + "}");
  }

  /** Makes a network, which must succeed; returns its id. */
  String network(String name, String members) {
    ApiClient.Answer answer = create(name, members);
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return answer.json().path("Id").asText();
  }

  /** Makes a network whose addresses are of one subnet. */
  String subnet(String name, String subnet) {
    return network(name, "\"IPAM\":{\"Config\":[{\"Subnet\":\"" + subnet + "\"}]}");
  }

  /** What the engine says about a network. */
  JsonNode inspect(String network) {
    ApiClient.Answer answer = get("/networks/" + encoded(network));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  /** What the engine says about a container. */
  JsonNode container(String name) {
    ApiClient.Answer answer = get("/containers/" + name + "/json");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  /** A container's place on a network, as inspect shows it. */
  JsonNode endpoint(String container, String network) {
    return container(container).path("NetworkSettings").path("Networks").path(network);
  }

  String address(String container, String network) {
    return endpoint(container, network).path("IPAddress").asText();
  }

  /** Asks for a container that sleeps, with these further members of the request. */
  ApiClient.Answer createContainer(String name, String members) {
    String more = members.isEmpty() ? "" : "," + members;
    return post(
        "/containers/create?name=" + name,
        "{\"Image\":\"busybox\",\"Cmd\":[\"sleep\",\"1000\"]" + more + "}");
  }

  ApiClient.Answer start(String name, String members) {
    ApiClient.Answer created = createContainer(name, members);
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    return start(name);
  }

  ApiClient.Answer start(String name) {
    return post("/containers/" + name + "/start", "");
  }

  /** Runs a container that sleeps. */
  void running(String name, String members) {
    ApiClient.Answer started = start(name, members);
    assertThat(started.status()).as(started.text()).isEqualTo(204);
  }

  /** Runs a container that sleeps on one network. */
  void on(String network, String name) {
    running(name, mode(network));
  }

  /** The member of a request that puts a container on a network. */
  static String mode(String network) {
    return "\"HostConfig\":{\"NetworkMode\":\"" + network + "\"}";
  }

  void stop(String container) {
    ApiClient.Answer answer = post("/containers/" + container + "/stop?t=0", "");
    assertThat(answer.status()).as(answer.text()).isIn(204, 304);
  }

  ApiClient.Answer connect(String network, String container, String endpoint) {
    String settings = endpoint.isEmpty() ? "" : ",\"EndpointConfig\":{" + endpoint + "}";
    return post(
        "/networks/" + network + "/connect",
        "{\"Container\":\"" + container + "\"" + settings + "}");
  }

  ApiClient.Answer disconnect(String network, String container) {
    return post("/networks/" + network + "/disconnect", "{\"Container\":\"" + container + "\"}");
  }

  Command.Result docker(String... words) {
    return engine.docker(words).run();
  }

  /** A shell line inside of a container. */
  Command.Result in(String container, String line) {
    return docker("exec", container, "sh", "-c", line);
  }

  /** A shell line on the host of the engine. */
  Command.Result host(String line) {
    return engine.onHost("sh", "-c", line).run();
  }

  /** Runs a web server that says its name on port 80. */
  void server(String name, String... options) {
    List<String> words = new ArrayList<>(List.of("run", "-d", "--name", name));
    words.addAll(List.of(options));
    words.addAll(
        List.of(
            "busybox",
            "sh",
            "-c",
            "mkdir -p /www; echo page of " + name + " > /www/index.html; exec httpd -f -h /www"));
    docker(words.toArray(String[]::new)).ok();
    reads("page of " + name, name, "127.0.0.1");
  }

  /** What a container reads from a web server, or nothing. */
  String fetch(String container, String authority) {
    return in(container, "timeout 2 wget -q -O - http://" + authority + "/").line();
  }

  /** A container reads this, soon: both may still have to find each other. */
  void reads(String page, String container, String authority) {
    Eventually.equal(page, () -> fetch(container, authority));
  }

  /** The host reads this, soon. */
  void readsOnHost(String page, String authority) {
    Eventually.equal(page, () -> fetchOnHost(authority));
  }

  /** A container gets an answer from an address or a name, soon. */
  void reaches(String container, String place) {
    String line = "ping -c 1 -W 2 " + place;
    Eventually.holds(container + " reaches " + place, () -> in(container, line).exitCode() == 0);
  }

  /** What the host reads from a web server, or nothing. */
  String fetchOnHost(String authority) {
    return host("timeout 2 busybox wget -q -O - http://" + authority + "/").line();
  }

  /** Takes all containers and networks away. */
  void clear() {
    for (JsonNode container : get("/containers/json?all=1").json()) {
      delete("/containers/" + container.path("Id").asText() + "?force=1&v=1");
    }
    for (JsonNode network : get("/networks?filters=" + encoded("{\"type\":[\"custom\"]}")).json()) {
      delete("/networks/" + network.path("Id").asText());
    }
    for (JsonNode network : get("/networks?filters=" + encoded("{\"type\":[\"custom\"]}")).json()) {
      delete("/networks/" + network.path("Id").asText());
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}

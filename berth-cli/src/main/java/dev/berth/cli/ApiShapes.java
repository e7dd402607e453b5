package dev.berth.cli;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The fields of what {@code inspect} shows: what is not in the engine's answer is still a field and
 * has its type's empty value, as users' templates expect ({@code {{if .State.Health}}}).
 *
 * <p>Each line is a type and its fields, {@code Name=key:type}, the key of the JSON only where it
 * differs. Types are s(tring), i(nteger), b(oolean), f(loat) and any; {@code []} in front makes a
 * list, <code>{}</code> a map, {@code *} what may be missing.
 */
final class ApiShapes {
  private static final String TEXT =
      """
      Container ID=Id:s Created:s Path:s Args:[]s State:*State Image:s ResolvConfPath:s \
      HostnamePath:s HostsPath:s LogPath:s Name:s RestartCount:i Driver:s Platform:s MountLabel:s \
      ProcessLabel:s AppArmorProfile:s ExecIDs:[]s HostConfig:*HostConfig GraphDriver:Graph \
      SizeRw:*i SizeRootFs:*i Mounts:[]Mount Config:*Config NetworkSettings:*NetworkSettings \
      ImageManifestDescriptor:*any
      State Status:s Running:b Paused:b Restarting:b OOMKilled:b Dead:b Pid:i ExitCode:i Error:s \
      StartedAt:s FinishedAt:s Health:*Health
      Health Status:s FailingStreak:i Log:[]Probe
      Probe Start:s End:s ExitCode:i Output:s
      Graph Data:{}s Name:s
      Mount Type:s Name:s Source:s Destination:s Driver:s Mode:s RW:b Propagation:s
      Config Hostname:s Domainname:s User:s AttachStdin:b AttachStdout:b AttachStderr:b \
      ExposedPorts:{}any Tty:b OpenStdin:b StdinOnce:b Env:[]s Cmd:[]s Healthcheck:*HealthConfig \
      ArgsEscaped:b Image:s Volumes:{}any WorkingDir:s Entrypoint:[]s NetworkDisabled:b \
      MacAddress:s OnBuild:[]s Labels:{}s StopSignal:s StopTimeout:*i Shell:[]s
      HealthConfig Test:[]s Interval:i Timeout:i StartPeriod:i StartInterval:i Retries:i
      HostConfig Binds:[]s ContainerIDFile:s LogConfig:LogConfig NetworkMode:s \
      PortBindings:{}[]PortBinding RestartPolicy:RestartPolicy AutoRemove:b VolumeDriver:s \
      VolumesFrom:[]s ConsoleSize:[]i Annotations:{}s CapAdd:[]s CapDrop:[]s CgroupnsMode:s \
      DNS=Dns:[]s DNSOptions=DnsOptions:[]s DNSSearch=DnsSearch:[]s ExtraHosts:[]s GroupAdd:[]s \
      IpcMode:s Cgroup:s Links:[]s OomScoreAdj:i PidMode:s Privileged:b PublishAllPorts:b \
      ReadonlyRootfs:b SecurityOpt:[]s StorageOpt:{}s Tmpfs:{}s UTSMode:s UsernsMode:s ShmSize:i \
      Sysctls:{}s Runtime:s Isolation:s CPUShares=CpuShares:i Memory:i NanoCPUs=NanoCpus:i \
      CgroupParent:s BlkioWeight:i BlkioWeightDevice:[]any BlkioDeviceReadBps:[]any \
      BlkioDeviceWriteBps:[]any BlkioDeviceReadIOps:[]any BlkioDeviceWriteIOps:[]any \
      CPUPeriod=CpuPeriod:i CPUQuota=CpuQuota:i CPURealtimePeriod=CpuRealtimePeriod:i \
      CPURealtimeRuntime=CpuRealtimeRuntime:i CpusetCpus:s CpusetMems:s Devices:[]Device \
      DeviceCgroupRules:[]s DeviceRequests:[]any KernelMemory:i KernelMemoryTCP:i \
      MemoryReservation:i MemorySwap:i MemorySwappiness:*i OomKillDisable:*b PidsLimit:*i \
      Ulimits:[]Ulimit CPUCount=CpuCount:i CPUPercent=CpuPercent:i IOMaximumIOps:i \
      IOMaximumBandwidth:i Mounts:[]HostMount MaskedPaths:[]s ReadonlyPaths:[]s Init:*b
      LogConfig Type:s Config:{}s
      PortBinding HostIP=HostIp:s HostPort:s
      RestartPolicy Name:s MaximumRetryCount:i
      Device PathOnHost:s PathInContainer:s CgroupPermissions:s
      Ulimit Name:s Hard:i Soft:i
      HostMount Type:s Source:s Target:s ReadOnly:b Consistency:s BindOptions:*any \
      VolumeOptions:*any ImageOptions:*any TmpfsOptions:*any ClusterOptions:*any
      NetworkSettings Bridge:s SandboxID:s SandboxKey:s Ports:{}[]PortBinding HairpinMode:b \
      LinkLocalIPv6Address:s LinkLocalIPv6PrefixLen:i SecondaryIPAddresses:[]any \
      SecondaryIPv6Addresses:[]any EndpointID:s Gateway:s GlobalIPv6Address:s \
      GlobalIPv6PrefixLen:i IPAddress:s IPPrefixLen:i IPv6Gateway:s MacAddress:s \
      Networks:{}*Endpoint
      Endpoint IPAMConfig:*EndpointIpam Links:[]s Aliases:[]s MacAddress:s DriverOpts:{}s \
      GwPriority:i NetworkID:s EndpointID:s Gateway:s IPAddress:s IPPrefixLen:i IPv6Gateway:s \
      GlobalIPv6Address:s GlobalIPv6PrefixLen:i DNSNames:[]s
      EndpointIpam IPv4Address:s IPv6Address:s LinkLocalIPs:[]s
      Image ID=Id:s RepoTags:[]s RepoDigests:[]s Parent:s Comment:s Created:s DockerVersion:s \
      Author:s Config:*ImageConfig Architecture:s Variant:s Os:s OsVersion:s Size:i VirtualSize:i \
      GraphDriver:Graph RootFS:RootFs Metadata:any Descriptor:*any Manifests:[]any
      ImageConfig User:s ExposedPorts:{}any Env:[]s Entrypoint:[]s Cmd:[]s Volumes:{}any \
      WorkingDir:s Labels:{}s StopSignal:s ArgsEscaped:b Healthcheck:*HealthConfig OnBuild:[]s \
      Shell:[]s
      RootFs Type:s Layers:[]s
      Network Name:s ID=Id:s Created:s Scope:s Driver:s EnableIPv4:b EnableIPv6:b IPAM:Ipam \
      Internal:b Attachable:b Ingress:b ConfigFrom:ConfigFrom ConfigOnly:b \
      Containers:{}NetworkEndpoint Options:{}s Labels:{}s Peers:[]any Services:{}any
      Ipam Driver:s Options:{}s Config:[]IpamConfig
      IpamConfig Subnet:s IPRange:s Gateway:s AuxAddress=AuxiliaryAddresses:{}s
      ConfigFrom Network:s
      NetworkEndpoint Name:s EndpointID:s MacAddress:s IPv4Address:s IPv6Address:s
      Volume ClusterVolume:*any CreatedAt:s Driver:s Labels:{}s Mountpoint:s Name:s Options:{}s \
      Scope:s Status:{}any UsageData:*UsageData
      UsageData RefCount:i Size:i
      Plugin Config:any Enabled:b ID=Id:s Name:s PluginReference:s Settings:any
      Event Status=status:s ID=id:s From=from:s Type:s Action:s Actor:Actor Scope=scope:s \
      Time=time:i TimeNano=timeNano:i
      Actor ID:s Attributes:{}s
      """;

  private static final Map<String, Map<String, Field>> TYPES = read();

  private ApiShapes() {}

  /**
   * A field.
   *
   * @param key in the JSON
   * @param type as written above
   */
  record Field(String key, String type) {}

  /** The fields of a type in order. */
  static Map<String, Field> fields(String type) {
    return TYPES.getOrDefault(type, Map.of());
  }

  private static Map<String, Map<String, Field>> read() {
    Map<String, Map<String, Field>> types = new HashMap<>();
    for (String line : TEXT.strip().split("\n", -1)) {
      String[] words = line.split(" ", -1);
      Map<String, Field> fields = new LinkedHashMap<>();
      for (int i = 1; i < words.length; i++) {
        int colon = words[i].indexOf(':');
        String name = words[i].substring(0, colon);
        int equals = name.indexOf('=');
        fields.put(
            equals < 0 ? name : name.substring(0, equals),
            new Field(
                equals < 0 ? name : name.substring(equals + 1), words[i].substring(colon + 1)));
      }
      types.put(words[0], fields);
    }
    return types;
  }
}

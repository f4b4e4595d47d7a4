/**
 * What Prometheus's discovery makes of pods and nodes, as its documentation says, served as HTTP discovery: Debian's
 * Prometheus is built without the one for Kubernetes. The relabeling after it is the same.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Pod {
  readonly name: string;
  readonly ip: string;
  readonly namespace?: string;
  readonly phase?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** The ports of each container. */
  readonly containers: readonly (readonly ContainerPort[])[];
  readonly initContainers?: readonly (readonly ContainerPort[])[];
}

export interface ContainerPort {
  readonly number: number;
  readonly protocol?: string;
}

interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** One target a declared port, and one for a container without any; init containers too. */
export function podTargets(pod: Pod): TargetGroup[] {
  const { initContainers = [], containers } = pod;
  const ofPod = {
    __meta_kubernetes_namespace: pod.namespace ?? "shop",
    __meta_kubernetes_pod_name: pod.name,
    __meta_kubernetes_pod_ip: pod.ip,
    __meta_kubernetes_pod_phase: pod.phase ?? "Running",
    __meta_kubernetes_pod_node_name: "node-1",
    ...prefixed("__meta_kubernetes_pod_label_", pod.labels),
    ...prefixed("__meta_kubernetes_pod_annotation_", pod.annotations),
  };
  return [...containers, ...initContainers].flatMap((ports, index) => {
    const ofContainer = {
      ...ofPod,
      __meta_kubernetes_pod_container_name: `container-${index}`,
      __meta_kubernetes_pod_container_init: String(index >= containers.length),
    };
    if (ports.length === 0) return [{ targets: [pod.ip], labels: ofContainer }];
    return ports.map(({ number, protocol = "TCP" }) => ({
      targets: [pod.ip.includes(":") ? `[${pod.ip}]:${number}` : `${pod.ip}:${number}`],
      labels: {
        ...ofContainer,
        __meta_kubernetes_pod_container_port_number: String(number),
        __meta_kubernetes_pod_container_port_protocol: protocol,
      },
    }));
  });
}

/** The kubelet of a node. */
export function nodeTarget(name: string, address: string): TargetGroup {
  return {
    targets: [address],
    labels: { __meta_kubernetes_node_name: name, instance: name },
  };
}

function prefixed(
  prefix: string,
  labels: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).flatMap(([name, value]) => {
      const clean = name.replace(/[^A-Za-z0-9_]/gu, "_");
      return [
        [prefix + clean, value],
        [prefix.replace(/_$/u, "present_") + clean, "true"],
      ];
    }),
  );
}

/** Serves the targets of each role on a loopback port, below its name; resolves with the URL. */
export async function startDiscovery(
  t: { after(close: () => Promise<void> | void): unknown },
  roles: Readonly<Record<string, readonly TargetGroup[]>>,
): Promise<string> {
  const server = createServer((request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(roles[request.url!.slice(1)]));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

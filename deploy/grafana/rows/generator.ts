/** Did the generator keep up? While a figure here is past its line, nothing else on the page counts. */
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import {
  BytesSI,
  PercentUnit,
  CountsPerSecond,
  Seconds,
  Short,
} from "@grafana/grafana-foundation-sdk/units";
import type { Row } from "../frame.ts";
import { generatorBounds } from "../limits.ts";
import { lineChart, redFrom } from "../panels/line-chart.ts";
import { delayLimit, reading } from "../queries/generator.ts";
import { counterRate } from "../queries/requests.ts";
import { chosen, series } from "../selection.ts";

export function generatorRow(): Row {
  return {
    title: "Generator: is it the bottleneck?",
    panels: [loop(), delays(), taken(), processor(), memory(), faults()],
  };
}

function loop(): Panel {
  return lineChart({
    title: "Event loop in use",
    description: `Busiest worker thread, and its share of garbage collection. Above ${generatorBounds.loopUtilization * 100} % for more than three seconds: the verdict is INVALID. Use a machine with more or faster cores, or a second generator.`,
    unit: PercentUnit,
    decimals: 0,
    queries: [
      { expr: reading("loop_utilization", chosen), legend: "in use {{testid}}" },
      { expr: reading("gc_ratio", chosen), legend: "garbage collection {{testid}}" },
    ],
    thresholds: redFrom(generatorBounds.loopUtilization),
  });
}

function delays(): Panel {
  return lineChart({
    title: "Late starts and loop delay (p99)",
    description:
      "How much later than due iterations start, and how long the event loop is held. Above the dashed line: the latencies contain lakh's own lateness, and the verdict is INVALID. Close other programs, or use a larger machine.",
    unit: Seconds,
    queries: [
      { expr: reading("start_lag_p99_seconds", chosen), legend: "late starts {{testid}}" },
      { expr: reading("loop_delay_p99_seconds", chosen), legend: "loop delay {{testid}}" },
      { expr: delayLimit(chosen), legend: "limit {{testid}}", isLimit: true },
    ],
  });
}

function taken(): Panel {
  return lineChart({
    title: "CPU taken away: steal and quota",
    description:
      "Time that the hypervisor gave to others, and periods in which the container's CPU quota was used up. More than a few percent: rent another machine, or raise the limit of the generator's pod.",
    unit: PercentUnit,
    decimals: 1,
    queries: [
      { expr: reading("steal_ratio", chosen), legend: "steal {{testid}}" },
      { expr: reading("throttled_ratio", chosen), legend: "throttled {{testid}}" },
    ],
    thresholds: redFrom(generatorBounds.stealRatio),
  });
}

function processor(): Panel {
  return lineChart({
    title: "CPU of the generator",
    description:
      "Cores used by lakh's process. Close to the number of cores of its machine: it is the limit, whatever its event loops say.",
    unit: Short,
    decimals: 2,
    queries: [{ expr: reading("cpu_cores", chosen), legend: "cores {{testid}}" }],
  });
}

function memory(): Panel {
  return lineChart({
    title: "Memory of the generator",
    description:
      "Resident memory of lakh's process. It grows with the VUs and is flat after the ramp. Growing in a soak: the script keeps something.",
    unit: BytesSI,
    queries: [{ expr: reading("resident_bytes", chosen), legend: "resident {{testid}}" }],
  });
}

function faults(): Panel {
  const faulty = series("lakh_generator_socket_faults_total", chosen.run);
  return lineChart({
    title: "Socket faults, metrics lost",
    description:
      "Sockets that failed on the generator's side (EMFILE: raise ulimit -n; EADDRNOTAVAIL: ports used up), and what could not be written to Prometheus. Anything but 0: the run is INVALID, or this page has gaps.",
    unit: CountsPerSecond,
    decimals: 2,
    queries: [
      {
        expr: `sum by (testid, errno) (rate(${faulty}[${chosen.window}]))`,
        legend: "{{errno}} {{testid}}",
      },
      {
        expr: counterRate("lakh_output_failed_requests_total", chosen),
        legend: "failed writes {{testid}}",
      },
      {
        expr: counterRate("lakh_output_dropped_samples_total", chosen),
        legend: "samples lost {{testid}}",
      },
    ],
  });
}

/** What can be chosen at the top of a dashboard. Each choice narrows the ones after it. */
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { dataSource } from "./panels/query.ts";
import { chosen, series } from "./selection.ts";

/** A choice, by the name that queries call it by. */
export type Variable = DatasourceVariableBuilder | QueryVariableBuilder;

/** Which runs there are to choose from. */
interface RunChoice {
  /** The series whose `testid` they are. */
  readonly of: string;
  /** Whether a dashboard opens with all of them, and not with the newest. */
  readonly all: boolean;
}

/** The source, the run or runs, and which of their requests. */
export function runVariables(choice: RunChoice = { of: "k6_vus", all: false }): Variable[] {
  const runs = labelValues("testid", choice.of);
  return [
    new DatasourceVariableBuilder("datasource")
      .label("data source")
      .description("The Prometheus that lakh writes to.")
      .type("prometheus"),
    // Run ids begin with the time, so that the newest run comes first and is what a dashboard opens with.
    (choice.all ? orAll(runs) : runs)
      .label("run")
      .description("The run's id, or its tag testid. Choose several to compare them.")
      .sort(VariableSort.AlphabeticalDesc),
    orAll(labelValues("scenario", series("k6_http_reqs_total", chosen.run)))
      .label("scenario")
      .description("Requests of these scenarios only.")
      .allValue(".*"),
    orAll(labelValues("name", series("k6_http_reqs_total", chosen.run)))
      .label("endpoint")
      .description("Requests with this name, or with this URL if they have none.")
      .allValue(".*"),
  ];
}

/** Where the target runs, for what Prometheus scrapes by itself. */
export function targetVariables(): Variable[] {
  const containers = "container_memory_working_set_bytes";
  return [
    labelValues("namespace", series("", `__name__=~"${containers}|process_resident_memory_bytes"`))
      .regex("/^(?!kube-|.*monitoring$).+/")
      .label("target's namespace")
      .description("Kubernetes only: where the target's pods are."),
    orAll(labelValues("pod", series(containers, 'namespace=~"$namespace"')))
      .label("target's pods")
      .description("Kubernetes only."),
    // Without a value for "all": the sum of those listed, and so not Prometheus itself.
    orAll(labelValues("job", "process_resident_memory_bytes"))
      .regex("/^(?!prometheus$|grafana$|postgres.*exporter$).+/")
      .label("target's job")
      .description("The scrape job of the target's /metrics pages."),
  ];
}

function labelValues(label: string, of: string): QueryVariableBuilder {
  const query = `label_values(${of}, ${label})`;
  return new QueryVariableBuilder(label)
    .datasource(dataSource)
    .query({ query, refId: `variable-${label}` })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true);
}

function orAll(variable: QueryVariableBuilder): QueryVariableBuilder {
  return variable.includeAll(true).current({ text: ["All"], value: ["$__all"] });
}

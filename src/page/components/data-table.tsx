/** A table that can be sorted by any column and filtered by text; on paper and without scripts it is a plain one. */
import type { ComponentChildren, JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { TableFrame } from "./table-frame.tsx";

export interface Column<Row> {
  readonly key: string;
  readonly label: string;
  /** Of the heading, for what its word leaves open. */
  readonly hint?: string;
  readonly isNumber?: boolean;
  /** What it is sorted by; null and undefined come last. */
  readonly value: (row: Row) => number | string | null | undefined;
  /** What is shown; the value as it is when missing. */
  readonly cell?: (row: Row) => ComponentChildren;
}

export interface Sorting {
  readonly key: string;
  readonly isDescending: boolean;
}

export interface DataTableProps<Row> {
  /** For those who do not see it. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly initialSorting?: Sorting;
  /** What the filter looks into; without it there is no filter. */
  readonly filterText?: (row: Row) => string;
  /** So many rows are shown at first. */
  readonly shownAtFirst?: number;
  readonly emptyText: string;
}

export function DataTable<Row>(props: DataTableProps<Row>): JSX.Element {
  const { caption, columns, rows, rowKey, filterText, shownAtFirst = 100, emptyText } = props;
  const [sorting, setSorting] = useState(props.initialSorting);
  const [filter, setFilter] = useState("");
  const [isWhole, setIsWhole] = useState(false);
  const found = useMemo(
    () => sortRows(filterRows(rows, filter, filterText), columns, sorting),
    [rows, filter, filterText, columns, sorting],
  );
  if (rows.length === 0) return <p class="card-note">{emptyText}</p>;
  const shown = isWhole ? found : found.slice(0, shownAtFirst);
  return (
    <div>
      {filterText === undefined ? null : (
        <div class="table-tools no-print">
          <input
            class="table-filter"
            type="search"
            placeholder="filter"
            aria-label={`filter: ${caption}`}
            value={filter}
            onInput={(event) => setFilter(event.currentTarget.value)}
          />
          <span class="card-note" role="status">
            {found.length === rows.length
              ? `${rows.length} rows`
              : `${found.length} of ${rows.length} rows`}
          </span>
        </div>
      )}
      <TableFrame label={caption} caption={caption}>
        <thead>
          <tr>
            {columns.map((column) => (
              <HeadCell key={column.key} column={column} sorting={sorting} onSort={setSorting} />
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <BodyCell key={column.key} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </TableFrame>
      {shown.length === found.length ? null : (
        <button type="button" class="button no-print" onClick={() => setIsWhole(true)}>
          show all {found.length} rows
        </button>
      )}
    </div>
  );
}

interface HeadCellProps<Row> {
  readonly column: Column<Row>;
  readonly sorting: Sorting | undefined;
  readonly onSort: (sorting: Sorting) => void;
}

function HeadCell<Row>({ column, sorting, onSort }: HeadCellProps<Row>): JSX.Element {
  const isSorted = sorting?.key === column.key;
  const isDescending = isSorted && sorting.isDescending;
  // Of numbers people look for the largest first.
  const next = isSorted ? !isDescending : column.isNumber === true;
  return (
    <th
      scope="col"
      title={column.hint}
      data-align={column.isNumber === true ? "right" : undefined}
      aria-sort={isSorted ? (isDescending ? "descending" : "ascending") : undefined}
    >
      <button
        type="button"
        class="table-sort"
        onClick={() => onSort({ key: column.key, isDescending: next })}
      >
        {column.label}
        <span class="table-arrow" aria-hidden="true">
          {isSorted ? (isDescending ? "▾" : "▴") : ""}
        </span>
      </button>
    </th>
  );
}

function BodyCell<Row>({
  column: { isNumber, value, cell },
  row,
}: {
  readonly column: Column<Row>;
  readonly row: Row;
}): JSX.Element {
  const content = cell === undefined ? value(row) : cell(row);
  return isNumber === true ? <td data-align="right">{content}</td> : <td>{content}</td>;
}

function filterRows<Row>(
  rows: readonly Row[],
  filter: string,
  filterText: ((row: Row) => string) | undefined,
): readonly Row[] {
  const words = filter.toLowerCase().split(/\s+/u).filter(Boolean);
  if (filterText === undefined || words.length === 0) return rows;
  return rows.filter((row) => {
    const text = filterText(row).toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sorting: Sorting | undefined,
): readonly Row[] {
  const column = columns.find(({ key }) => key === sorting?.key);
  if (column === undefined || sorting === undefined) return rows;
  const direction = sorting.isDescending ? -1 : 1;
  return rows.toSorted((one, other) => compare(column.value(one), column.value(other), direction));
}

type Sortable = number | string | null | undefined;

function compare(one: Sortable, other: Sortable, direction: number): number {
  const isOneMissing = one === null || one === undefined;
  const isOtherMissing = other === null || other === undefined;
  if (isOneMissing || isOtherMissing) return Number(isOneMissing) - Number(isOtherMissing);
  if (typeof one === "number" && typeof other === "number") return (one - other) * direction;
  return String(one).localeCompare(String(other)) * direction;
}

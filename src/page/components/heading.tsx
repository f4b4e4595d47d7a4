/**
 * Headings and ids of a page that shows the same parts several times: each part says how deep it stands and what its ids
 * begin with, so that headings are in order and ids unique whatever is put where.
 */
import { type ComponentChildren, createContext, type JSX } from "preact";
import { useContext } from "preact/hooks";

interface Place {
  /** Of the headings of cards. */
  readonly level: number;
  readonly idPrefix: string;
}

const PlaceContext = createContext<Place>({ level: 2, idPrefix: "" });

/** All within stands one heading deeper, and its ids begin with `idPrefix`. */
export function Inset({
  idPrefix,
  children,
}: {
  readonly idPrefix: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { level } = useContext(PlaceContext);
  return (
    <PlaceContext.Provider value={{ level: level + 1, idPrefix }}>{children}</PlaceContext.Provider>
  );
}

/** @returns the id as it is unique in the page */
export function useId(id: string): string {
  return useContext(PlaceContext).idPrefix + id;
}

/** A heading of a card, or `below` it. */
export function Heading({
  below = 0,
  id,
  children,
}: {
  readonly below?: number;
  readonly id?: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  const level = Math.min(6, useContext(PlaceContext).level + below);
  const Tag = `h${level}` as "h2";
  return (
    <Tag id={id} class="heading" data-below={below}>
      {children}
    </Tag>
  );
}

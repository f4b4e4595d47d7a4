/**
 * An API as requests to send, whatever it was described in. Texts come in pieces, because a secret must not get into a
 * script: where one stood, there is the name of an environment variable.
 */

/** In place of a secret. A class, so that no data of a description can look like one. */
export class Variable {
  /** Of the environment, and of the script's constant: letters, digits and _. */
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Pieces of a text, to be joined. */
export type Text = readonly (string | Variable)[];

/** JSON with variables in it. */
export type Json =
  | string
  | number
  | boolean
  | null
  | Variable
  | readonly Json[]
  | { readonly [key: string]: Json };

export type Body =
  | { readonly kind: "json"; readonly value: Json }
  /** k6 encodes objects as forms. */
  | { readonly kind: "form"; readonly fields: readonly (readonly [name: string, value: Text])[] }
  | { readonly kind: "text"; readonly text: Text };

export interface ApiRequest {
  readonly method: string;
  /** One for all requests of an endpoint: "/pets/{petId}". The requests' `name` tag. */
  readonly name: string;
  /** What it does, for a comment; "" when nobody says. */
  readonly summary: string;
  /** Path and query below the base URL. */
  readonly path: Text;
  readonly headers: readonly (readonly [name: string, value: Text])[];
  readonly body: Body | undefined;
  /** Undefined: any below 400. */
  readonly status: number | undefined;
  /** Time that users take after it, in seconds; 0: none. */
  readonly pauseSeconds: number;
}

/** An API, or a visit to it. */
export interface ApiDescription {
  /** "OpenAPI", "HAR". */
  readonly format: string;
  readonly title: string;
  /** Where the description says that it is; undefined when it does not. */
  readonly baseUrl: string | undefined;
  readonly requests: readonly ApiRequest[];
  /** Environment variables in place of what was taken out, with what they hold. */
  readonly variables: readonly { readonly name: string; readonly meaning: string }[];
  /** What was left out, and other things to know. */
  readonly notes: readonly string[];
}

/** `vu:int,iter:int,url`: which tags become fields of a point, and as what; text unless a type is given. */
import type { FieldType } from "./lines.ts";
import { badSetting, type Given } from "../variables.ts";

const fieldTypes: readonly FieldType[] = ["string", "int", "float", "bool"];

/** @throws LakhError OUTPUT_ARGUMENT */
export function parseTagsAsFields(
  outputName: string,
  { text, from }: Given,
): ReadonlyMap<string, FieldType> {
  const fields = new Map<string, FieldType>();
  for (const item of text.split(",").map((each) => each.trim())) {
    if (item === "") continue;
    const [key = "", typeName = "string", ...rest] = item.split(":");
    const type = fieldTypes.find((each) => each === typeName);
    if (key === "" || type === undefined || rest.length > 0)
      throw badSetting(
        outputName,
        `${from} has "${item}"`,
        `write tags as in vu:int,iter:int,url; types are ${fieldTypes.join(", ")}`,
      );
    fields.set(key, type);
  }
  return fields;
}

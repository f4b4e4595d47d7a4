/** What the parts of a selector ask of an element. */
import {
  ancestorsOf,
  attributeOf,
  childElementsOf,
  childrenOf,
  descendantsOf,
  type HtmlElement,
  isElement,
  parentOf,
  textWithin,
} from "./tree.ts";

export type ElementTest = (element: HtmlElement) => boolean;

interface AttributeQuery {
  readonly name: string;
  /** Empty: the attribute is there. */
  readonly operator: string;
  readonly value: string;
  readonly ignoreCase?: boolean;
}

/** `[name operator value]`, `#value`, `.value`. */
export function attributeTest({
  name,
  operator,
  value,
  ignoreCase = false,
}: AttributeQuery): ElementTest {
  if (operator === "") return (element) => attributeOf(element, name) !== undefined;
  if (operator === "#=") {
    const pattern = new RegExp(value, "u");
    return (element) => pattern.test(attributeOf(element, name) ?? "");
  }
  const fold = (text: string): string => (ignoreCase ? text.toLowerCase() : text);
  const wanted = fold(value);
  const compare = comparisons[operator]!;
  return (element) => {
    const given = attributeOf(element, name);
    return given === undefined ? operator === "!=" : compare(fold(given), wanted);
  };
}

const comparisons: Readonly<Record<string, (given: string, wanted: string) => boolean>> = {
  "=": (given, wanted) => given === wanted,
  "!=": (given, wanted) => given !== wanted,
  "~=": (given, wanted) => given.includes(wanted) && given.split(/[ \t\r\n\f]+/u).includes(wanted),
  "|=": (given, wanted) => given === wanted || given.startsWith(`${wanted}-`),
  "^=": (given, wanted) => wanted.trim() !== "" && given.startsWith(wanted),
  "$=": (given, wanted) => wanted.trim() !== "" && given.endsWith(wanted),
  "*=": (given, wanted) => wanted.trim() !== "" && given.includes(wanted),
};

const never: ElementTest = () => false;
const fields: ReadonlySet<string> = new Set(["input", "select", "textarea", "button"]);

/** Pseudo-classes without arguments. Those about a user's doing are known and never true. */
export const simpleTests: Readonly<Record<string, ElementTest | undefined>> = {
  "first-child": position({ step: 0, offset: 1 }, { fromEnd: false, ofType: false }),
  "last-child": position({ step: 0, offset: 1 }, { fromEnd: true, ofType: false }),
  "first-of-type": position({ step: 0, offset: 1 }, { fromEnd: false, ofType: true }),
  "last-of-type": position({ step: 0, offset: 1 }, { fromEnd: true, ofType: true }),
  "only-child": (element) => familyOf(element, false).length === 1,
  "only-of-type": (element) => familyOf(element, true).length === 1,
  input: ({ tagName }) => fields.has(tagName),
  empty: (element) =>
    childrenOf(element).every(
      ({ nodeName }) => nodeName === "#comment" || nodeName === "#documentType",
    ),
  root: (element) => parentOf(element)?.nodeName === "#document",
  link: (element) =>
    ["a", "area", "link"].includes(element.tagName) && attributeOf(element, "href") !== undefined,
  enabled: (element) => canBeDisabled(element) && !isDisabled(element),
  disabled: (element) => canBeDisabled(element) && isDisabled(element),
  checked: isChecked,
  visited: never,
  hover: never,
  active: never,
  focus: never,
  target: never,
};

function isChecked(element: HtmlElement): boolean {
  if (element.tagName === "option") return attributeOf(element, "selected") !== undefined;
  const type = attributeOf(element, "type")?.toLowerCase();
  const isBox = element.tagName === "input" && (type === "checkbox" || type === "radio");
  return isBox && attributeOf(element, "checked") !== undefined;
}

function canBeDisabled({ tagName }: HtmlElement): boolean {
  return fields.has(tagName) || ["optgroup", "option", "menuitem", "fieldset"].includes(tagName);
}

function isDisabled(element: HtmlElement): boolean {
  if (attributeOf(element, "disabled") !== undefined) return true;
  if (!fields.has(element.tagName) && element.tagName !== "option") return false;
  return ancestorsOf(element).some(
    (outer) => outer.tagName === "fieldset" && attributeOf(outer, "disabled") !== undefined,
  );
}

interface Formula {
  readonly step: number;
  readonly offset: number;
}

/** `:nth-child(…)` and its kin; undefined for other names. */
export function nthTest(name: string): ((formula: Formula) => ElementTest) | undefined {
  const kind = /^nth-(last-)?(child|of-type)$/u.exec(name);
  if (kind === null) return undefined;
  const where = { fromEnd: kind[1] !== undefined, ofType: kind[2] === "of-type" };
  return (formula) => position(formula, where);
}

function position(
  { step, offset }: Formula,
  where: { fromEnd: boolean; ofType: boolean },
): ElementTest {
  return (element) => {
    const family = familyOf(element, where.ofType);
    const index = family.indexOf(element);
    if (index < 0) return false;
    const place = where.fromEnd ? family.length - index : index + 1;
    const beyond = place - offset;
    return step === 0 ? beyond === 0 : beyond % step === 0 && beyond / step >= 0;
  };
}

/** The element and its siblings. */
function familyOf(element: HtmlElement, ofType: boolean): HtmlElement[] {
  const parent = parentOf(element);
  if (parent === undefined) return [];
  const all = childElementsOf(parent);
  return ofType ? all.filter(({ tagName }) => tagName === element.tagName) : all;
}

interface Argument {
  readonly inner?: ElementTest;
  readonly text?: string;
  readonly pattern?: string;
}

/** Pseudo-classes with an argument. */
export const functionTests: Readonly<
  Record<string, ((argument: Argument) => ElementTest) | undefined>
> = {
  not:
    ({ inner }) =>
    (element) =>
      !inner!(element),
  has:
    ({ inner }) =>
    (element) => {
      for (const below of descendantsOf(element)) if (inner!(below)) return true;
      return false;
    },
  haschild:
    ({ inner }) =>
    (element) =>
      childElementsOf(element).some(inner!),
  contains: ({ text }) => {
    const wanted = text!.toLowerCase();
    return (element) => textWithin(element).toLowerCase().includes(wanted);
  },
  containsown: ({ text }) => {
    const wanted = text!.toLowerCase();
    return (element) => ownText(element).toLowerCase().includes(wanted);
  },
  matches: ({ pattern }) => {
    const regexp = new RegExp(pattern!, "u");
    return (element) => regexp.test(textWithin(element));
  },
  matchesown: ({ pattern }) => {
    const regexp = new RegExp(pattern!, "u");
    return (element) => regexp.test(ownText(element));
  },
  lang: ({ text }) => {
    const wanted = text!.toLowerCase();
    return (element) => {
      const owner = [element, ...ancestorsOf(element)].find(
        (outer) => attributeOf(outer, "lang") !== undefined,
      );
      const given = owner === undefined ? undefined : attributeOf(owner, "lang")!.toLowerCase();
      return given === wanted || (given?.startsWith(`${wanted}-`) ?? false);
    };
  },
};

function ownText(element: HtmlElement): string {
  return element.childNodes
    .filter((child) => !isElement(child))
    .map(textWithin)
    .join("");
}

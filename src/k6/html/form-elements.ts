/** What the tags of forms add to an element. Where a field says nothing its form speaks, as in HTML. */
import { renderInner } from "./render.ts";
import { selectAll } from "./selector.ts";
import {
  below,
  content,
  elementsWith,
  flag,
  form,
  formOf,
  integer,
  labels,
  type Member,
  Nodes,
  oneOf,
  ownerOf,
  text,
  url,
} from "./tag-members.ts";
import { attributeOf, type HtmlElement, textWithin } from "./tree.ts";

type Members = Readonly<Record<string, Member>>;

interface FormKind {
  readonly type: string;
  readonly members: Members;
  readonly parts?: Readonly<Record<string, Members>>;
}

const plainEncoding = "application/x-www-form-urlencoded";
const method = oneOf("method", "get", "post");
const enctype = oneOf("enctype", plainEncoding, "multipart/form-data text/plain");
const autocomplete = oneOf("autocomplete", "on", "off");
const fields = below("input,select,button,textarea,fieldset");

/** A member that a field takes from its form unless it has the attribute itself. */
function fromForm(name: string, own: Member, ofForm: Member): Member {
  return (node, home) => {
    if (attributeOf(node, name) !== undefined) return own(node, home);
    const owner = formOf(node);
    return owner === undefined ? absent(own, home) : ofForm(owner, home);
  };
}

const bare = {
  attrs: [],
  tagName: "input",
  nodeName: "input",
  childNodes: [],
} as unknown as HtmlElement;

/** What a member gives for an element without attributes. */
function absent(member: Member, home: Parameters<Member>[1]): unknown {
  return member(bare, home);
}

const formField: Members = {
  form,
  formAction: fromForm("formaction", url("formaction"), url("action")),
  formEnctype: fromForm(
    "formenctype",
    oneOf("formenctype", plainEncoding, "multipart/form-data text/plain"),
    enctype,
  ),
  formMethod: fromForm(
    "formmethod",
    (node) => (attributeOf(node, "formmethod")?.toLowerCase() === "post" ? "post" : "get"),
    method,
  ),
  formNoValidate: fromForm("formnovalidate", flag("formnovalidate"), flag("novalidate")),
  formTarget: fromForm("formtarget", text("formtarget"), text("target")),
  labels,
  name: text("name"),
};
const fieldParts = { form_field_element: formField };

export const formMembers: Readonly<Record<"form" | "fieldset" | "output", FormKind>> = {
  form: {
    type: "Form",
    members: {
      acceptCharset: text("accept-charset"),
      action: url("action"),
      autocomplete,
      elements: fields,
      encoding: enctype,
      enctype,
      length: (node) => selectAll(node, "input,select,button,textarea,fieldset").length,
      method,
      name: text("name"),
      noValidate: flag("novalidate"),
      target: text("target"),
    },
  },
  fieldset: {
    type: "FieldSet",
    members: {
      disabled: flag("disabled"),
      elements: fields,
      form,
      name: text("name"),
      type: () => "fieldset",
      validity: () => undefined,
    },
  },
  output: {
    type: "Output",
    members: {
      defaultValue: content,
      form,
      htmlFor: text("for"),
      labels,
      name: text("name"),
      type: () => "output",
      value: content,
    },
  },
};

const inputTypes =
  "text search tel url email password date month week time datetime-local number range color checkbox radio file " +
  "hidden image submit reset button";

/** Types whose attribute `list` HTML ignores. */
const withoutList: ReadonlySet<string> = new Set(
  "hidden password checkbox radio file submit image reset button".split(" "),
);

const inputType: Member = (node) => {
  const given = attributeOf(node, "type") ?? "";
  return inputTypes.split(" ").includes(given) ? given : "text";
};

export const inputMembers: Readonly<Record<"input" | "button", FormKind>> = {
  input: {
    type: "Input",
    parts: fieldParts,
    members: {
      ...formField,
      accept: text("accept"),
      accessKey: text("accesskey"),
      alt: text("alt"),
      autocomplete,
      autofocus: flag("autofocus"),
      checked: flag("checked"),
      defaultChecked: flag("checked"),
      defaultValue: text("value"),
      dirName: text("dirname"),
      disabled: flag("disabled"),
      height: text("height"),
      list: (node) => {
        const id = attributeOf(node, "list");
        return id === undefined || withoutList.has(attributeOf(node, "type") ?? "")
          ? undefined
          : Nodes.one(elementsWith(node, "id", id).find(({ tagName }) => tagName === "datalist"));
      },
      max: text("max"),
      maxLength: integer("maxlength", -1),
      min: text("min"),
      multiple: flag("multiple"),
      pattern: text("pattern"),
      placeholder: text("placeholder"),
      readonly: flag("readonly"),
      required: flag("required"),
      size: integer("size"),
      src: url("src"),
      step: text("step"),
      tabIndex: integer("tabindex"),
      type: inputType,
      value: text("value"),
      width: text("width"),
    },
  },
  button: {
    type: "Button",
    parts: fieldParts,
    members: {
      ...formField,
      accessKey: text("accesskey"),
      autofocus: flag("autofocus"),
      disabled: flag("disabled"),
      tabIndex: integer("tabindex"),
      type: oneOf("type", "submit", "reset menu button"),
      value: (node) => attributeOf(node, "value") ?? renderInner(node),
    },
  },
};

const optionValue = (node: HtmlElement): string => attributeOf(node, "value") ?? renderInner(node);

function ownerOfOption(node: HtmlElement): HtmlElement | undefined {
  return ownerOf(node, "select");
}

export const optionMembers: FormKind = {
  type: "Option",
  members: {
    defaultSelected: flag("selected"),
    disabled: (node) => {
      const group = ownerOf(node, "optgroup");
      return (
        attributeOf(node, "disabled") !== undefined ||
        (group !== undefined && attributeOf(group, "disabled") !== undefined)
      );
    },
    form: (node) => {
      const select = ownerOfOption(node);
      return Nodes.one(select === undefined ? undefined : formOf(select));
    },
    index: (node) => {
      const list = ownerOfOption(node) ?? ownerOf(node, "datalist");
      return list === undefined ? 0 : selectAll(list, "option").indexOf(node);
    },
    label: (node) => attributeOf(node, "label") ?? textWithin(node),
    selected: flag("selected"),
    text: content,
    value: optionValue,
  },
};

export const selectMembers: FormKind = {
  type: "Select",
  members: {
    autofocus: flag("autofocus"),
    disabled: flag("disabled"),
    form,
    labels,
    length: (node) => selectAll(node, "option").length,
    multiple: flag("multiple"),
    name: text("name"),
    options: below("option"),
    required: flag("required"),
    selectedIndex: (node) =>
      selectAll(node, "option").findIndex(
        (option) => attributeOf(option, "selected") !== undefined,
      ),
    selectedOptions: below("option[selected]"),
    size: (node, home) =>
      integer("size", attributeOf(node, "multiple") === undefined ? 1 : 4)(node, home),
    tabIndex: integer("tabindex"),
    type: (node) => (attributeOf(node, "multiple") === undefined ? "select" : "select-multiple"),
    value: (node) => {
      const [chosen] = selectAll(node, "option[selected]");
      return chosen === undefined ? "" : optionValue(chosen);
    },
  },
};

export const textAreaMembers: FormKind = {
  type: "TextArea",
  members: {
    accessKey: text("accesskey"),
    autocapitalize: oneOf("autocapitalize", "sentences", "none off characters words"),
    autocomplete,
    cols: integer("cols"),
    defaultValue: text("value"),
    form,
    labels,
    length: (node) => (attributeOf(node, "value") ?? "").length,
    maxLength: integer("maxlength"),
    placeholder: text("placeholder"),
    readOnly: flag("readonly"),
    required: flag("required"),
    rows: integer("rows"),
    tabIndex: integer("tabindex"),
    type: () => "textarea",
    value: text("value"),
    wrap: oneOf("wrap", "soft", "hard off"),
  },
};

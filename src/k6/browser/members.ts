/**
 * What the objects of `k6/browser` can do, as tables: the members that k6 shows, whether they answer at once or by a
 * promise, and what they give. Playwright has nearly all of them under the same names and with the same options, so a
 * table is all it takes; the few that differ are in overrides.ts.
 * Source: k6's documentation of k6/browser and @types/k6; k6-behaviour 5.8.
 */

/** The kinds of objects that scripts get. */
export type BrowserKind =
  | "BrowserContext"
  | "ConsoleMessage"
  | "ElementHandle"
  | "Frame"
  | "FrameLocator"
  | "JSHandle"
  | "Keyboard"
  | "Locator"
  | "Mouse"
  | "Page"
  | "Request"
  | "Response"
  | "Route"
  | "Touchscreen"
  | "Worker";

/** What a member gives: a plain value, bytes (an ArrayBuffer), or an object of a kind; lists of them too, null as null. */
export type MemberResult = "value" | "bytes" | BrowserKind;

export interface KindMembers {
  /** Members that answer at once. */
  readonly sync: ReadonlyMap<string, MemberResult>;
  /** Members that answer by a promise. */
  readonly async: ReadonlyMap<string, MemberResult>;
  /** Properties that hold an object. */
  readonly properties: ReadonlyMap<string, MemberResult>;
}

/** "url isClosed locator:Locator" */
function read(text: string): ReadonlyMap<string, MemberResult> {
  const words = text.split(/\s+/u).filter((word) => word !== "");
  return new Map(
    words.map((word) => {
      const [name, result = "value"] = word.split(":");
      return [name!, result as MemberResult];
    }),
  );
}

function define(members: { sync?: string; async?: string; properties?: string }): KindMembers {
  const { sync = "", async = "", properties = "" } = members;
  return { sync: read(sync), async: read(async), properties: read(properties) };
}

const finders =
  "getByAltText:Locator getByLabel:Locator getByPlaceholder:Locator getByRole:Locator getByTestId:Locator " +
  "getByText:Locator getByTitle:Locator locator:Locator frameLocator:FrameLocator";
const actions =
  "check click dblclick dispatchEvent fill focus getAttribute hover innerHTML innerText inputValue isChecked isDisabled " +
  "isEditable isEnabled isHidden isVisible press selectOption setChecked tap textContent type uncheck";
const queries = "$:ElementHandle $$:ElementHandle waitForSelector:ElementHandle setInputFiles";
const evaluation = "evaluate evaluateHandle:JSHandle";
const documents =
  "content goto:Response setContent title waitForFunction:JSHandle waitForLoadState waitForNavigation:Response " +
  "waitForTimeout waitForURL";
const headers = "allHeaders headersArray headerValue";

/** Kind → its members. */
export const browserMembers: Readonly<Record<BrowserKind, KindMembers>> = {
  BrowserContext: define({
    sync: "browser pages:Page setDefaultNavigationTimeout setDefaultTimeout",
    async:
      "addCookies addInitScript clearCookies clearPermissions close cookies grantPermissions newPage:Page setGeolocation " +
      "setHTTPCredentials setOffline waitForEvent:Page",
  }),
  ConsoleMessage: define({ sync: "args:JSHandle page:Page text type" }),
  ElementHandle: define({
    sync: "asElement:ElementHandle",
    async:
      `${actions} ${queries} ${evaluation} boundingBox contentFrame:Frame dispose getProperties:JSHandle jsonValue ` +
      "ownerFrame:Frame screenshot:bytes scrollIntoViewIfNeeded selectText waitForElementState",
  }),
  Frame: define({
    sync: `${finders} childFrames:Frame isDetached name page:Page parentFrame:Frame url`,
    async: `${actions} ${queries} ${evaluation} ${documents} frameElement:ElementHandle`,
  }),
  FrameLocator: define({ sync: finders }),
  JSHandle: define({
    sync: "asElement:ElementHandle",
    async: `${evaluation} dispose getProperties:JSHandle jsonValue`,
  }),
  Keyboard: define({ async: "down insertText press type up" }),
  Locator: define({
    sync: `${finders} contentFrame:FrameLocator filter:Locator first:Locator last:Locator nth:Locator`,
    async: `${actions} ${evaluation} all:Locator boundingBox clear count isInViewport pressSequentially waitFor`,
  }),
  Mouse: define({ async: "click dblclick dblClick down move up" }),
  Page: define({
    sync:
      `${finders} context:BrowserContext frames:Frame isClosed mainFrame:Frame on setDefaultNavigationTimeout ` +
      "setDefaultTimeout url viewportSize workers:Worker",
    async:
      `${actions} ${queries} ${evaluation} ${documents} bringToFront close emulateMedia emulateVisionDeficiency ` +
      "goBack:Response goForward:Response opener:Page reload:Response route screenshot:bytes setExtraHTTPHeaders " +
      "setViewportSize throttleCPU throttleNetwork unroute unrouteAll waitForEvent waitForRequest:Request " +
      "waitForResponse:Response",
    properties: "keyboard:Keyboard mouse:Mouse touchscreen:Touchscreen",
  }),
  Request: define({
    sync: "failure frame:Frame headers isNavigationRequest method postData postDataBuffer:bytes resourceType timing url",
    async: `${headers} response:Response size`,
  }),
  Response: define({
    sync: "frame:Frame headers ok request:Request status statusText url",
    async: `${headers} body:bytes headerValues json securityDetails serverAddr size text`,
  }),
  Route: define({ sync: "request:Request", async: "abort continue fulfill" }),
  Touchscreen: define({ async: "tap" }),
  Worker: define({ sync: "url" }),
};

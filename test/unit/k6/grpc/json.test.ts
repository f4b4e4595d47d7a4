/** The JSON mapping of messages; the expected forms and texts were observed with k6 2.2.0. */
import assert from "node:assert/strict";
import { test } from "node:test";
import protobuf from "protobufjs";
import { type Decoded, messageToJson } from "../../../../src/k6/grpc/from-message.ts";
import { loadProtoFiles, methodsOf } from "../../../../src/k6/grpc/definitions.ts";
import { decodeFileSet } from "../../../../src/k6/grpc/descriptors.ts";
import { encodeJson } from "../../../../src/k6/grpc/to-message.ts";
import { plainProtoset, protoFolder } from "../../../support/grpc-server.ts";

const methods = loadProtoFiles([protoFolder], ["feature.proto"]);
const everything = methods.get("/lakh.test.v1.Feature/Echo")!.requestType;

function roundTrip(type: protobuf.Type, value: unknown): Record<string, unknown> {
  const decoded = type.decode(encodeJson(type, value)) as unknown as Decoded;
  return messageToJson(type, decoded) as Record<string, unknown>;
}

function problemOf(value: unknown): string {
  try {
    encodeJson(everything, value);
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing was wrong";
}

test("64-bit numbers keep every digit, also as keys of a map", () => {
  const { root } = protobuf.parse(
    `syntax = "proto3"; message M { map<int64, uint64> by_id = 1; repeated sint64 all = 2; }`,
    { keepCase: true },
  );
  const type = root.lookupType("M");
  const value = {
    byId: { "-9223372036854775808": "18446744073709551615", "9007199254740993": "0" },
    all: ["-9223372036854775808", 9007199254740992],
  };
  assert.deepEqual(roundTrip(type, value), {
    byId: value.byId,
    all: ["-9223372036854775808", "9007199254740992"],
  });
});

test("floats are written as short as their 32 bits allow", () => {
  for (const value of [0.1, -1.5, 3.4e38, 1e-45, 16_777_216, 123.456])
    assert.equal(roundTrip(everything, { aFloat: value })["aFloat"], value);
});

test("unset fields are zero, empty or null; those of a oneof and optional ones are left out", () => {
  const json = roundTrip(everything, {});
  assert.equal(json["aDouble"], 0);
  assert.equal(json["anInt64"], "0");
  assert.equal(json["color"], "COLOR_UNSPECIFIED");
  assert.equal(json["inner"], null);
  assert.deepEqual(json["numbers"], []);
  assert.deepEqual(json["labels"], {});
  for (const name of ["maybe", "maybeNumber", "textChoice", "innerChoice", "numberChoice"])
    assert.ok(!Object.hasOwn(json, name), name);
  assert.equal(roundTrip(everything, { maybe: "" })["maybe"], "");
});

test("optional fields without a value of proto2 are null", () => {
  const { root } = protobuf.parse(
    `syntax = "proto2"; message M { optional int32 a = 1; optional string b = 2 [default = "x"]; repeated int32 c = 3; }`,
    { keepCase: true },
  );
  assert.deepEqual(roundTrip(root.lookupType("M"), {}), { a: null, b: null, c: [] });
});

test("well-known types have their own forms", () => {
  const forms: [object, unknown][] = [
    [{ at: "2024-01-02T03:04:05.1+02:00" }, "2024-01-02T01:04:05.100Z"],
    [{ at: "1969-12-31T23:59:59.5Z" }, "1969-12-31T23:59:59.500Z"],
    [{ at: "0001-01-01T00:00:00Z" }, "0001-01-01T00:00:00Z"],
    [{ lasting: "-1.000001s" }, "-1.000001s"],
    [{ lasting: "0s" }, "0s"],
    [{ mask: "fooBar,baz.quxQuux" }, "fooBar,baz.quxQuux"],
    [{ structure: { a: [null, { b: 1 }] } }, { a: [null, { b: 1 }] }],
    [{ value: null }, null],
    [{ wrappedInt64: "-5" }, "-5"],
    [
      { any: { "@type": "x/lakh.test.v1.Inner", id: "a" } },
      { "@type": "x/lakh.test.v1.Inner", id: "a", big: "0" },
    ],
  ];
  for (const [given, expected] of forms)
    assert.deepEqual(
      Object.values(roundTrip(everything, given)).find(
        (v) => JSON.stringify(v) === JSON.stringify(expected),
      ),
      expected,
      JSON.stringify(given),
    );
});

test("what does not fit is named with its place in the JSON text", () => {
  const problems: [unknown, string][] = [
    [{ nope: 1 }, 'proto: (line 1:2): unknown field "nope"'],
    [
      { aString: "é", anInt32: "x" },
      'proto: (line 1:26): invalid value for int32 field anInt32: "x"',
    ],
    [
      { inners: [{ id: 'a,{}[]"' }, { big: [] }] },
      "proto: (line 1:37): invalid value for int64 field big: [",
    ],
    [{ labels: { a: "x", b: 5 } }, "proto: (line 1:24): invalid value for string field value: 5"],
    [{ numbers: 5 }, "proto: syntax error (line 1:12): unexpected token 5"],
    [
      { at: "2024-13-01T00:00:00Z" },
      'proto: (line 1:7): invalid google.protobuf.Timestamp value "2024-13-01T00:00:00Z"',
    ],
    [5, "proto: syntax error (line 1:1): unexpected token 5"],
  ];
  for (const [value, text] of problems) assert.equal(problemOf(value), text);
});

test("described files give the same as written ones: JSON names, maps, optional fields, packed numbers", () => {
  const written = loadProtoFiles([protoFolder], ["plain.proto"]);
  const described = methodsOf(decodeFileSet(plainProtoset()));
  assert.deepEqual([...described.keys()], [...written.keys()]);
  const path = "/lakh.plain.v1.Plain/Mirror";
  const value = {
    itemName: "x",
    size: "LARGE",
    parts: [{ weightGrams: "5" }],
    counts: { a: 1, b: 0 },
    partsById: { 5: { weightGrams: "7" }, "-9": {} },
    company: 0,
    isSold: false,
    marks: [1, 300, -1],
  };
  const bytes = encodeJson(written.get(path)!.requestType, value);
  const other = described.get(path)!.requestType;
  assert.deepEqual(Buffer.from(encodeJson(other, value)), Buffer.from(bytes));
  assert.deepEqual(
    messageToJson(other, other.decode(bytes) as unknown as Decoded),
    roundTrip(written.get(path)!.requestType, value),
  );
});

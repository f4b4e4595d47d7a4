/** gRPC's own protocols, as far as a client needs them: health checks, server reflection, the details of a status. */
import protobuf from "protobufjs";

const source = `
  syntax = "proto3";
  message HealthRequest { string service = 1; }
  message HealthResponse { int32 status = 1; }
  message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
  message Any { string type_url = 1; bytes value = 2; }
  message ReflectionRequest {
    string host = 1;
    oneof message_request {
      string file_by_filename = 3;
      string file_containing_symbol = 4;
      string list_services = 7;
    }
  }
  message ReflectionResponse {
    oneof message_response {
      Files file_descriptor_response = 4;
      Services list_services_response = 6;
      Problem error_response = 7;
    }
  }
  message Files { repeated bytes file_descriptor_proto = 1; }
  message Services { repeated Service service = 1; }
  message Service { string name = 1; }
  message Problem { int32 error_code = 1; string error_message = 2; }
`;

let root: protobuf.Root | undefined;

function lookup(name: string): protobuf.Type {
  root ??= protobuf.parse(source, { keepCase: true }).root;
  return root.lookupType(name);
}

export const healthPath = "/grpc.health.v1.Health/Check";

/** What server reflection answers. */
export interface ReflectionAnswer {
  readonly file_descriptor_response?: { readonly file_descriptor_proto: readonly Uint8Array[] };
  readonly list_services_response?: { readonly service: readonly { readonly name: string }[] };
  readonly error_response?: { readonly error_code: number; readonly error_message: string };
}

/** google.rpc.Status. */
export interface StatusDetails {
  readonly code: number;
  readonly message: string;
  readonly details: readonly { readonly type_url: string; readonly value: Uint8Array }[];
}

export function encodeHealthRequest(service: string): Uint8Array {
  return lookup("HealthRequest").encode({ service }).finish();
}

/** The number of a health state. */
export function decodeHealthResponse(bytes: Uint8Array): number {
  return (lookup("HealthResponse").decode(bytes) as unknown as { status: number }).status;
}

export function encodeReflectionRequest(question: Readonly<Record<string, string>>): Uint8Array {
  return lookup("ReflectionRequest").encode(question).finish();
}

export function decodeReflectionAnswer(bytes: Uint8Array): ReflectionAnswer {
  return lookup("ReflectionResponse").decode(bytes) as unknown as ReflectionAnswer;
}

export function decodeStatusDetails(bytes: Uint8Array): StatusDetails {
  return lookup("Status").decode(bytes) as unknown as StatusDetails;
}

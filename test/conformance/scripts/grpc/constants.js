// The constants are objects that behave as numbers.
import grpc, * as all from 'k6/net/grpc';
export default function () {
  for (const name of Object.keys(all).sort()) {
    const value = all[name];
    if (typeof value === 'object' && name !== 'default')
      console.log(name, typeof value, JSON.stringify(value), String(value), `${value}`, value == 5, value === 5, +value, value === grpc[name], value);
  }
  console.log([grpc.StatusOK, grpc.StatusCanceled, grpc.StatusUnknown, grpc.StatusInvalidArgument, grpc.StatusDeadlineExceeded, grpc.StatusNotFound, grpc.StatusAlreadyExists, grpc.StatusPermissionDenied, grpc.StatusResourceExhausted, grpc.StatusFailedPrecondition, grpc.StatusAborted, grpc.StatusOutOfRange, grpc.StatusUnimplemented, grpc.StatusInternal, grpc.StatusUnavailable, grpc.StatusDataLoss, grpc.StatusUnauthenticated, grpc.HealthCheckUnknown, grpc.HealthCheckServing, grpc.HealthCheckNotServing, grpc.HealthCheckServiceUnkown].map(Number).join());
}

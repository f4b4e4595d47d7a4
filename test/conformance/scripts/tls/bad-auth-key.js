export const options = { tlsAuth: [{ cert: __ENV.CLIENT_CERT, key: __ENV.CLIENT_KEY, foo: 1 }] };

export default function () {
  console.log("never");
}

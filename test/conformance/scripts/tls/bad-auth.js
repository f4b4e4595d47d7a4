export const options = { tlsAuth: [{ cert: "x", key: "y" }] };

export default function () {
  console.log("never");
}

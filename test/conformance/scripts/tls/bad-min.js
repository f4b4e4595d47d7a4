export const options = { tlsVersion: { min: "x" } };

export default function () {
  console.log("never");
}

export const options = { tlsCipherSuites: ["ECDHE-RSA-AES128-GCM-SHA256"] };

export default function () {
  console.log("never");
}

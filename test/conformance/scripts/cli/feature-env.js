// conformance: {"env":{"K6_FEATURES":"freeze-env"}}
export default function () { try { __ENV.X = '1'; console.log('written'); } catch (error) { console.log(error.name); } }

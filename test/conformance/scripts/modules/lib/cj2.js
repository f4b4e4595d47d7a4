exports.default="dd"; exports.x=2; exports.__esModule=true;

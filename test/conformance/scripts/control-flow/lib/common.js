const http = require('k6/http');
exports.status = (code) => http.get(`${__ENV.BASE_URL}/status/${code}`).status;
exports.name = 'common';
exports.self = typeof module + typeof require + (this === exports);

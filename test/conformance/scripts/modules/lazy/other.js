exports.x = 'other';

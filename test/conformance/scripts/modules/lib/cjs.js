exports.v=open("./f.txt").trim();

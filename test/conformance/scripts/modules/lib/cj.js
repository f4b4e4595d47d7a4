module.exports={foo:1,bar(){}}

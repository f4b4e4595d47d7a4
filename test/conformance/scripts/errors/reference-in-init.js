undefinedName.property = 1;
export default function () {}

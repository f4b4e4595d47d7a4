import lodash from 'lodash';
export default function () {
  console.log(typeof lodash);
}

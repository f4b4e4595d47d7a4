// Equality thresholds whose figures show the order of the arithmetic.
import { Trend } from 'k6/metrics';
const fractions = new Trend('fractions');
const times = new Trend('times', true);
const below = new Trend('below');
const extremes = new Trend('extremes');
const single = new Trend('single');
const constant = new Trend('constant');
export const options = {
  thresholds: {
    fractions: ['avg==0.3333333333333333', 'min==0.1', 'med==0.2', 'max==0.7', 'p(90)==0.6', 'p(90)!=0.6', 'p(95)==0.6499999999999999', 'p(95)==0.65',
      'p(99.9)==0.6990000000000001', 'p(99.9)==0.699', 'p(10)==0.12000000000000001', 'p(33.3)==0.1666', 'p(0)==0.1', 'p(100)==0.7', 'p(50)<=0.2', 'p(50)>=0.2', 'p(50)<0.2', 'p(50)>0.2'],
    times: ['avg==2.125', 'med==1.75', 'p(90)==4.15', 'p(95)==4.574999999999999', 'p(95)==4.575', 'max==5', 'min==0'],
    below: ['avg==-1.5', 'min==-4', 'med==-2', 'max==3', 'p(95)==1.9999999999999996', 'p(95)==2', 'p(25)==-3', 'p(75)==0', 'p(75)<=0', 'p(75)>=0'],
    extremes: ['min==-1e21', 'max==1e21', 'med==5e-31', 'p(30)==0', 'p(70)==1e-30'],
    single: ['avg==0.3', 'med==0.3', 'p(1)==0.3', 'p(99.99)==0.3'],
    constant: ['med==7.7', 'p(95)==7.7', 'p(95)<=7.7', 'p(5)>=7.7', 'p(5)<7.7'],
  },
};
export default function () {
  for (const n of [0.7, 0.1, 0.2]) fractions.add(n);
  for (const n of [2.5, 0, 5, 1]) times.add(n);
  for (const n of [-3, 0, -2, 3, -4, -3]) below.add(n);
  below.add(-1.5);
  for (const n of [1e21, 0, 1e-30, -1e21]) extremes.add(n);
  single.add(0.3);
  for (let k = 0; k < 500; k++) constant.add(7.7);
}

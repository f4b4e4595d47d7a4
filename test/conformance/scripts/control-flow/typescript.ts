// TypeScript: what must be emitted, not only stripped.
import http from 'k6/http';
import { sleep } from 'k6';
import type { Options } from 'k6/options';

enum Colour {
  Red,
  Green = 5,
  Blue,
}
const enum Kind {
  A = 'a',
}
namespace Shapes {
  export const sides = (name: string): number => (name === 'square' ? 4 : 3);
  export namespace Inner {
    export const deep = true;
  }
}
interface Answer<T> {
  readonly value: T;
}
abstract class Shape {
  constructor(
    protected readonly name: string,
    public size: number = 2,
  ) {}
  abstract area(): number;
  describe(this: Shape): string {
    return `${this.name} ${this.area()}`;
  }
}
class Square extends Shape {
  declare kind: string;
  private pause?: number;
  override area(): number {
    sleep(this.pause ?? 0.001);
    return this.size ** 2;
  }
}
function first<T extends { length: number }>(list: T[]): T | undefined {
  return list[0]!;
}
function overloaded(a: string): string;
function overloaded(a: number): number;
function overloaded(a: any): any {
  return a;
}

export const options: Options = { iterations: 1 };

export default function (): void {
  console.log(Colour.Red, Colour.Blue, Colour[5], Kind.A);
  console.log(Shapes.sides('square'), Shapes.Inner.deep);
  console.log(new Square('square').describe(), first(['one']), overloaded(7));
  const answer: Answer<number> = { value: http.get(`${__ENV.BASE_URL}/status/201`).status } satisfies Answer<number>;
  console.log(answer.value as unknown as string, <number>answer.value);
  let maybe: { deep?: { value: number } } | null = null;
  console.log(maybe?.deep?.value, (maybe ?? { deep: { value: 1 } }).deep!.value);
}

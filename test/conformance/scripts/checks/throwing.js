// A condition that throws stops the checks after it; a group that throws still ends.
import { check, group } from 'k6';

export default function () {
  try {
    check(null, {
      before: () => true,
      throws: (v) => v.nope.nope,
      after: () => true,
    });
  } catch (error) {
    console.log('caught', error.name);
  }
  try {
    group('throws', () => {
      check(1, { inside: () => true });
      throw new RangeError('from the group');
    });
  } catch (error) {
    console.log('caught', error.name, error.message);
  }
  check(1, { 'back at the root': () => true });
}

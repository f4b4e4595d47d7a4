/**
 * The catalogue: 2,000 invented series, always the same, so that two runs against two databases meet the same data.
 * Derived from a fixed seed by a small generator (mulberry32) and word lists; popularity falls off as 1/rank,
 * which is what makes a few series appear everywhere, as in a real catalogue.
 */

/** One series as the seed writes it. */
export interface Series {
  readonly id: number;
  readonly slug: string;
  readonly title: string;
  readonly synopsis: string;
  readonly genres: readonly string[];
  readonly language: string;
  readonly episodeCount: number;
  /** 0 to 5, one decimal. */
  readonly rating: number;
  /** Plays of the last week. */
  readonly popularity: number;
  /** ISO date. */
  readonly releasedOn: string;
}

/** Number of series in the catalogue. */
export const catalogueSize = 2_000;

const seed = 0x1a4b;
const firstRelease = Date.UTC(2019, 0, 1);
const releaseSpanDays = 2_500;
const dayMs = 86_400_000;

const moods =
  words(`Last First Silent Broken Golden Hidden Crimson Midnight Endless Borrowed Stolen Secret Wild Gentle
  Bitter Sweet Lost Second Distant Burning Frozen Paper Glass Iron Velvet Monsoon Saffron Restless Reluctant Unwritten
  Forgotten Faithful Crooked Northern Sleepless Hollow Lucky Ordinary Sudden Shining`);
const things =
  words(`Promise Letter River City Bride Neighbour Kingdom Garden Shadow Train Recipe Witness Harbour Mirror
  Inheritance Detective Melody Courtroom Doctor Lantern Marriage Rooftop Umbrella Cricket Bazaar Island Verdict Stranger
  Village Runaway Teacher Thief Queen Highway Orchard Clinic Tailor Festival Bridge Window Diary Kitchen Uniform Rival
  Ticket Compass Season Ransom Reunion Thunder`);
const places = words(
  "Mumbai Delhi Kolkata Chennai Kochi Jaipur Lucknow Pune Shimla Goa Varanasi Mysuru",
);
const genres = words(
  "drama romance comedy thriller action mystery family fantasy crime horror historical musical",
);
/** Shares of the genres above, in percent: drama leads, musicals are rare. */
const genreWeights = [22, 17, 14, 11, 10, 7, 6, 4, 4, 2, 2, 1];
const languages = words("Hindi Tamil Telugu Bengali Malayalam Kannada Marathi Punjabi English");
const conflicts = [
  "a promise that was never meant to be kept",
  "a letter that arrives eleven years late",
  "the one person who knows the truth",
  "a family that would rather forget",
  "an offer that nobody refuses twice",
  "a city that never lets anybody go",
];

/** Builds the catalogue; the same 2,000 series each time. */
export function catalogue(): readonly Series[] {
  const random = mulberry32(seed);
  return titles().map((title, index) => createSeries(index + 1, title, random));
}

function createSeries(id: number, title: string, random: () => number): Series {
  const ownGenres = pickGenres(random);
  const place = pick(places, random);
  const rank = 1 + Math.floor(random() * catalogueSize);
  return {
    id,
    slug: title.toLowerCase().replaceAll(/[^a-z0-9]+/gu, "-"),
    title,
    synopsis: `A ${ownGenres[0]} from ${place}: ${pick(moods, random).toLowerCase()} hearts meet ${pick(conflicts, random)}.`,
    genres: ownGenres,
    language: pick(languages, random),
    episodeCount: 8 + Math.floor(random() * 93),
    rating: Math.round((2.5 + 2.5 * Math.sqrt(random())) * 10) / 10,
    popularity: Math.floor(5_000_000 / rank),
    releasedOn: new Date(firstRelease + Math.floor(random() * releaseSpanDays) * dayMs)
      .toISOString()
      .slice(0, 10),
  };
}

/** Every mood with every thing: 2,000 different titles, in an order in which neighbours do not look alike. */
function titles(): readonly string[] {
  const all = moods.flatMap((mood) => things.map((thing) => `${mood} ${thing}`));
  // 787 and 2,000 have no common divisor, so the walk meets every title once.
  return Array.from({ length: catalogueSize }, (_, index) => all[(index * 787) % all.length]!);
}

function pickGenres(random: () => number): readonly string[] {
  const count = 1 + Math.floor(random() * 3);
  const chosen = new Set<string>();
  while (chosen.size < count) chosen.add(pickWeighted(random));
  return [...chosen];
}

function pickWeighted(random: () => number): string {
  let left = random() * genreWeights.reduce((sum, weight) => sum + weight, 0);
  const index = genreWeights.findIndex((weight) => (left -= weight) < 0);
  return genres[index]!;
}

function pick(list: readonly string[], random: () => number): string {
  return list[Math.floor(random() * list.length)]!;
}

function words(text: string): readonly string[] {
  return text.split(/\s+/u);
}

/** mulberry32: 32 bits of state, good enough to shuffle words, the same on every platform. */
function mulberry32(initial: number): () => number {
  let state = initial;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

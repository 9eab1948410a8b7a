import { preview } from '../src/door.ts';
import type { JsonObject, JsonValue } from '../src/door.ts';
import { benchFixture } from './fixture.ts';
import { checkRatio, finish, medianTime } from './measure.ts';

const size = { releases: 20, overrides: 10, valuesBlocks: 41 };

/** Karmada's own Go code for the same work on two cores, in milliseconds, as measured beside a running Karmada. */
const karmadaTime = 26_600;

/** The same policies and placements with nothing to render: what is left is the matching of clusters and objects. */
function withoutContent(objects: readonly JsonObject[]): JsonObject[] {
  const empty = (value: JsonValue, key: string): JsonValue => {
    if (key === 'overriders') return {};
    if (Array.isArray(value)) return value.map((item: JsonValue) => empty(item, ''));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([k, child]) => [k, empty(child, k)]));
  };
  return objects.map((object) => {
    if (object['kind'] === 'HelmRelease') return { ...object, spec: {} };
    return object['kind'] === 'Cluster' ? object : (empty(object, '') as JsonObject);
  });
}

interface Times {
  readonly all: number;
  readonly matching: number;
}

function timesFor(clusters: number): Times {
  const objects = benchFixture({ clusters, ...size });
  const bare = withoutContent(objects);
  return {
    all: medianTime(() => void preview(objects)),
    matching: medianTime(() => void preview(bare)),
  };
}

const objects = benchFixture({ clusters: 1_000, ...size });
const manifests = preview(objects).flatMap(({ variants }) =>
  variants.flatMap(({ manifest }) => manifest ?? []),
);
const floor = medianTime(() => {
  for (const manifest of manifests) JSON.stringify(manifest);
});
const [one, ten] = [timesFor(1_000), timesFor(10_000)];
const ms = (time: number): string => `${time.toFixed(1)} ms`;
const rest = ({ all, matching }: Times): number => Math.max(all - matching, 0.1);

checkRatio(
  'preview ÷ JSON.stringify of the distinct results',
  one.all / floor,
  3,
  `${ms(one.all)} ÷ ${ms(floor)}, ${manifests.length} distinct results`,
);
checkRatio(
  "preview ÷ Karmada's own code",
  one.all / karmadaTime,
  1 / 100,
  `${ms(one.all)} ÷ ${ms(karmadaTime)}`,
);
// Ten times the clusters may cost twelve times the matching, and no more of the rest.
const allowed = 12 * one.matching + rest(one);
checkRatio(
  'preview for 10,000 clusters ÷ (12 × the matching for 1,000 + the rest for 1,000)',
  ten.all / allowed,
  1,
  `${ms(ten.all)} ÷ (12 × ${ms(one.matching)} + ${ms(rest(one))})`,
);
finish();

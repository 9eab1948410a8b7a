import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { JsonObject } from '../../src/engine/index.ts';
import type { Effect } from '../../src/push/index.ts';
import { connectKarmada, createNamespace, deleteNamespace } from '../support/karmadaPlace.ts';
import type { KarmadaPlace } from '../support/karmadaPlace.ts';
import { createPusher, referenceOf, sourcesOf } from '../support/pushing.ts';
import type { Pusher } from '../support/pushing.ts';
import {
  catchAllPolicies,
  generateDeletions,
  generatePush,
  withDocuments,
} from '../support/pushScenarios.ts';
import type { Documents, ScenarioPlace } from '../support/pushScenarios.ts';
import { createRandom } from '../support/random.ts';
import { manifestsOf, unannounced, withDelayed } from '../support/reviewedWorks.ts';
import type { Delayed } from '../support/reviewedWorks.ts';
import { recordWorks } from '../support/workRecorder.ts';
import type { WorkRecorder, WorkVersion } from '../support/workRecorder.ts';

/*
 * On a Karmada that runs elsewhere (KARMADA_E2E_KUBECONFIG). Policies that claim everything are there before, so that a
 * template is on its way the moment it is written, and a watch of its own sees every version of every Work. Each that
 * may have reached a member has to be one that the review announced: as before, as after, or for a moment in between.
 */

const count = 50;
const firstSeed = Number(process.env['KARMADA_TEST_SEED'] ?? 1001);
const chainLength = 5;
const inParallel = 5;

/** Versions of Works that no review announced. */
interface Failure {
  /** KARMADA_TEST_SEED that repeats it, and which push of the chain it is. */
  readonly seed: number;
  readonly push: number;
  readonly problem: string;
  readonly documents: readonly JsonObject[];
  readonly versions?: readonly WorkVersion[];
  readonly effects?: readonly Effect[];
}

let karmada: KarmadaPlace;
let pusher: Pusher;
let recorder: WorkRecorder;
const prefix = `karmada-flux-seen-${randomBytes(3).toString('hex')}`;

before(async () => {
  karmada = await connectKarmada();
  pusher = createPusher(karmada.live);
  recorder = await recordWorks(karmada.client);
});
after(() => {
  recorder.stop();
  karmada.dispose();
});

describe('what members see in the middle of a push', () => {
  it(`was announced, in ${count} pushes onto policies that claim everything`, async (t) => {
    const clusters = [...karmada.live.model.clusters.keys()].sort();
    const seeds = Array.from({ length: count / chainLength }, (_, i) => firstSeed + i);
    const failures: Failure[] = [];
    const tally: Tally = { pushes: 0, versions: 0, held: 0 };
    const work = async (): Promise<void> => {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
        const namespace = `${prefix}-${seed}`;
        await createNamespace(karmada.client, namespace);
        try {
          const failure = await runChain(seed, { namespace, clusters, isCatchAll: true }, tally);
          if (failure) failures.push(failure);
        } finally {
          await deleteNamespace(karmada.client, namespace);
        }
      }
    };
    await Promise.all(Array.from({ length: inParallel }, work));
    t.diagnostic(
      `${tally.pushes} pushes, ${tally.versions} versions of Works, ${tally.held} of them held`,
    );
    assert.deepEqual(
      failures.map(({ seed, push, problem }) => `seed ${seed}, push ${push}: ${problem}`),
      [],
      failures[0] && JSON.stringify(failures[0], null, 2),
    );
    assert.equal(tally.pushes, count);
  });
});

interface Tally {
  pushes: number;
  versions: number;
  held: number;
}

/** Pushes one after the other in a namespace, up to the first version that was not announced. */
async function runChain(
  seed: number,
  place: ScenarioPlace,
  tally: Tally,
): Promise<Failure | undefined> {
  const { namespace } = place;
  const random = createRandom(seed);
  await pusher.run(await pusher.review(sourcesOf(catchAllPolicies(place))));
  await recorder.settled(namespace, performance.now());
  let documents: Documents = new Map();
  let delayed: Delayed = new Map();
  for (let push = 0; push < chainLength; push++) {
    const pushed = generatePush(random, place, documents);
    const deleted = generateDeletions(random, documents, pushed);
    const failed = (problem: string): Failure => ({ seed, push, problem, documents: pushed });
    try {
      const review = await pusher.review(sourcesOf(pushed), deleted.map(referenceOf));
      const before = manifestsOf(recorder.worksIn(namespace));
      const mark = recorder.mark();
      await pusher.run(review);
      await recorder.settled(namespace, performance.now());
      const versions = recorder.versionsSince(namespace, mark);
      tally.pushes += 1;
      tally.versions += versions.length;
      tally.held += versions.filter(({ isHeld }) => isHeld).length;
      delayed = withDelayed(delayed, before, review.effects);
      const found = unannounced(before, versions, review.effects, delayed);
      if (found.length > 0) {
        const { cluster, binding } = found[0] ?? {};
        const problem = `${found.length} versions were not announced, such as of ${binding} on ${cluster}.`;
        return { ...failed(problem), versions: found, effects: review.effects };
      }
      documents = withDocuments(documents, pushed, deleted);
    } catch (error) {
      return failed(error instanceof Error ? error.message : String(error));
    }
  }
  return undefined;
}

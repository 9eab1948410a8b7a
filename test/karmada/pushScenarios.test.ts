import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { JsonObject } from '../../src/engine/index.ts';
import type { Effect, Journal, PushReview } from '../../src/push/index.ts';
import { connectKarmada, createNamespace, deleteNamespace } from '../support/karmadaPlace.ts';
import type { KarmadaPlace } from '../support/karmadaPlace.ts';
import { createPusher, referenceOf, sourcesOf } from '../support/pushing.ts';
import type { Pusher } from '../support/pushing.ts';
import { generateDeletions, generatePush, withDocuments } from '../support/pushScenarios.ts';
import type { Documents, ScenarioPlace } from '../support/pushScenarios.ts';
import { createRandom } from '../support/random.ts';
import {
  differences,
  manifestsOf,
  overrideDifferences,
  reviewedWorks,
  withDelayed,
} from '../support/reviewedWorks.ts';
import type { Delayed, OverrideDifference, WorkDifference } from '../support/reviewedWorks.ts';
import { leavingObjects, wrongOnMembers } from '../support/leavingObjects.ts';
import { recordWorks } from '../support/workRecorder.ts';
import type { WorkRecorder } from '../support/workRecorder.ts';

/*
 * On a Karmada that runs elsewhere (KARMADA_E2E_KUBECONFIG). Pushes follow one another in namespaces of their own, so
 * that claims, placements and Works of the ones before matter; now and then the last one is undone.
 * KARMADA_TEST_SCENARIOS says how many pushes there are, KARMADA_TEST_SEED with which seed the first chain begins.
 */

const count = Number(process.env['KARMADA_TEST_SCENARIOS'] ?? 200);
const firstSeed = Number(process.env['KARMADA_TEST_SEED'] ?? 1);
const chainLength = 5;
const inParallel = 8;

/** A push whose Works are not what its review said, or that did not get there. */
interface Failure {
  /** KARMADA_TEST_SEED that repeats it, and which push of the chain it is. */
  readonly seed: number;
  readonly push: number;
  readonly documents: readonly JsonObject[];
  readonly problem: string;
  readonly differences?: readonly WorkDifference[];
  readonly steps?: readonly string[];
  readonly effects?: readonly Effect[];
  readonly questions?: readonly string[];
}

let karmada: KarmadaPlace;
let pusher: Pusher;
let recorder: WorkRecorder;
const prefix = `karmada-flux-push-${randomBytes(3).toString('hex')}`;

before(async () => {
  karmada = await connectKarmada();
  pusher = createPusher(karmada.live);
  recorder = await recordWorks(karmada.client);
});
after(() => {
  recorder.stop();
  karmada.dispose();
});

describe('a review', () => {
  it(`says what each Work holds after the push, ${count} times`, async (t) => {
    const clusters = [...karmada.live.model.clusters.keys()].sort();
    const seeds = Array.from({ length: Math.ceil(count / chainLength) }, (_, i) => firstSeed + i);
    const failures: Failure[] = [];
    const tally = { pushes: 0, works: 0, effects: new Map<string, number>() };
    const work = async (): Promise<void> => {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
        const namespace = `${prefix}-${seed}`;
        await createNamespace(karmada.client, namespace);
        try {
          const failure = await runChain(seed, { namespace, clusters }, tally);
          if (failure) failures.push(failure);
        } finally {
          await deleteNamespace(karmada.client, namespace);
        }
      }
    };
    await Promise.all(Array.from({ length: inParallel }, work));
    const effects = [...tally.effects].map(([type, times]) => `${times} × ${type}`).join(', ');
    t.diagnostic(`${tally.pushes} pushes, ${tally.works} Works compared; effects: ${effects}`);
    assert.deepEqual(
      failures.map(({ seed, push, problem }) => `seed ${seed}, push ${push}: ${problem}`),
      [],
      failures[0] && JSON.stringify(failures[0], null, 2),
    );
  });
});

interface Found {
  /** Objects on members that did not stay or go as the review said. */
  readonly members: readonly string[];
  readonly overrides: readonly OverrideDifference[];
  readonly works: readonly WorkDifference[];
  /** What reviews so far have announced for a time of Karmada's own. */
  readonly delayed: Delayed;
}

interface Tally {
  pushes: number;
  works: number;
  readonly effects: Map<string, number>;
}

/** Pushes one after the other in a namespace, up to the first failure. */
async function runChain(
  seed: number,
  place: ScenarioPlace,
  tally: Tally,
): Promise<Failure | undefined> {
  const random = createRandom(seed);
  let documents: Documents = new Map();
  let delayed: Delayed = new Map();
  let last: { readonly journal: Journal; readonly before: Documents } | undefined;
  for (let push = 0; push < chainLength; push++) {
    const undone = last && random.chance(0.25) ? last : undefined;
    const pushed = undone ? [] : generatePush(random, place, documents);
    const deleted = undone ? [] : generateDeletions(random, documents, pushed);
    const failed = (problem: string): Failure => ({ seed, push, documents: pushed, problem });
    try {
      const review = await (undone
        ? pusher.reviewUndo(undone.journal)
        : pusher.review(sourcesOf(pushed), deleted.map(referenceOf)));
      const { journal, found } = await runAndCompare(review, place.namespace, tally, delayed);
      delayed = found.delayed;
      if (found.overrides.length > 0) {
        const problem = `Works say other overrides than the review: ${JSON.stringify(found.overrides[0])}.`;
        return { ...failed(problem), ...told(review) };
      }
      if (found.members.length > 0) {
        return { ...failed(`Members differ: ${found.members[0]}`), ...told(review) };
      }
      if (found.works.length > 0) {
        const problem = `${found.works.length} Works differ, such as ${found.works[0]?.work} (${review.type}).`;
        return { ...failed(problem), differences: found.works, ...told(review) };
      }
      last = undone ? undefined : { journal, before: documents };
      documents = undone ? undone.before : withDocuments(documents, pushed, deleted);
    } catch (error) {
      return failed(error instanceof Error ? error.message : String(error));
    }
  }
  return undefined;
}

async function runAndCompare(
  review: PushReview,
  namespace: string,
  tally: Tally,
  known: Delayed,
): Promise<{ journal: Journal; found: Found }> {
  const before = manifestsOf(recorder.worksIn(namespace));
  const leaving = await leavingObjects(karmada.live.session, review);
  const journal = await pusher.run(review);
  await recorder.settled(namespace, performance.now());
  const members = await wrongOnMembers(karmada.live.session, leaving);
  const now = manifestsOf(recorder.worksIn(namespace));
  tally.pushes += 1;
  tally.works += now.size;
  for (const { type } of review.effects) {
    tally.effects.set(type, (tally.effects.get(type) ?? 0) + 1);
  }
  const { effects } = review;
  const delayed = withDelayed(known, before, effects);
  const works = differences(reviewedWorks(before, effects), now, effects, delayed);
  const overrides = overrideDifferences(effects, recorder.worksIn(namespace));
  return { journal, found: { members, works, overrides, delayed } };
}

/** What a failure is looked into with. */
function told(review: PushReview): Pick<Failure, 'steps' | 'effects' | 'questions'> {
  const { effects, questions } = review;
  return { steps: stepTexts(review), effects, questions: questions.map(({ message }) => message) };
}

function stepTexts(review: PushReview): readonly string[] {
  return review.steps.map((step) => {
    if (!('change' in step)) return `${step.type} ${'reason' in step ? step.reason : ''}`;
    const { kind, name } = step.change.reference;
    return `${step.type} ${kind} ${name}`;
  });
}

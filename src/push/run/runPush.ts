import type { JsonObject } from '../../engine/index.ts';
import { journalText, readJournal, stateText } from '../journal.ts';
import type { Journal, StepState } from '../journal.ts';
import { otherPlane } from '../planeIdentity.ts';
import type { CancelSignal, JournalStore, PushApi, PushClock, PushModel } from '../ports.ts';
import type { PushReview, PushSource, PushStep } from '../types.ts';
import { askForDoubts } from './askForDoubts.ts';
import { templateKey } from '../waves/templateKey.ts';
import { withFreshSecret } from './freshSecret.ts';
import { createOldSecretValues } from './oldSecretValues.ts';
import type { OldSecretValues } from './oldSecretValues.ts';
import { notKept, runClaimed } from './runClaimed.ts';
import { isUnseen, refusedUnseen } from './refusedUnseen.ts';
import { standingOf } from './standing.ts';
import { earlierResult, isHeldBefore } from './stepHistory.ts';
import { waitStep } from './waitStep.ts';
import type { WaitStep } from './waitStep.ts';
import { withoutSecretValues } from './withoutSecretValues.ts';
import { getOrNone, isWriteStep, referenceOf, writeStep } from './writeStep.ts';
import type { WriteAnswer } from './writeStep.ts';
import type { WriteStep } from './standing.ts';

/** What a push is run with. */
export interface RunPorts {
  readonly api: PushApi;
  readonly model: PushModel;
  readonly journals: JournalStore;
  readonly clock: PushClock;
}

/** What is told while a push runs. */
export interface RunProgress {
  readonly journal: Journal;
  /** Index of the step that is at work. */
  readonly step: number;
  /** What a step that waits is waiting for, such as `HelmRelease apps/podinfo on member1`. */
  readonly waitingFor: readonly string[];
}

export interface RunOptions {
  readonly onProgress?: (progress: RunProgress) => void;
  /** Stops before the next object; a step that waits stops at once. */
  readonly signal?: CancelSignal;
  /** Whether the user goes on without what a step waits for; asked again and again while it waits. */
  readonly isSkipped?: (stepId: string) => boolean;
  /** Milliseconds that a step may wait before the push stops. Where absent ten minutes, and an hour for releases. */
  readonly waitLimit?: number;
}

/** Helm may take a wave many times five minutes, and nothing is the worse for waiting. */
const usualWaitLimits = { settle: 600_000, ready: 3_600_000 } as const;

/**
 * Runs a reviewed push to its end, its first failure or its cancelling. The journal is written ahead of each step and
 * after it, so that a window closed at any moment leaves what `resumePush` and `prepareUndo` need. Never rejects: what
 * went wrong is in the journal.
 */
export async function runPush(
  ports: RunPorts,
  review: PushReview,
  options: RunOptions & { readonly id: string },
): Promise<Journal> {
  const journal: Journal = {
    version: 1,
    id: options.id,
    startedAt: ports.clock.now(),
    review: withoutSecretValues(review),
    states: review.steps.map(() => ({ type: 'waiting' })),
    state: 'running',
  };
  const blocked = review.questions.find(({ severity }) => severity === 'blocked');
  if (blocked) return { ...journal, state: 'dropped', problem: blocked.message };
  return runClaimed(ports.journals, journal, () => runSteps(ports, journal, review.steps, options));
}

/**
 * Goes on with a push that was stopped. Steps in doubt are looked at on the server first. Secrets are in no journal:
 * those not written yet are taken from `sources`, the documents as they are now, which must say the same otherwise.
 */
export async function resumePush(
  ports: RunPorts,
  journal: Journal,
  options: RunOptions & { readonly sources?: readonly PushSource[] },
): Promise<Journal> {
  return runClaimed(ports.journals, journal, async (kept) => {
    if (kept.state !== 'running' && kept.state !== 'stopped') return kept;
    const settled = await settledPush(ports, kept);
    if (settled.problem !== undefined) return settled;
    const going: Journal = {
      ...settled,
      state: 'running',
      states: settled.states.map((state) =>
        state.type === 'failed' || state.type === 'running' ? { type: 'waiting' } : state,
      ),
    };
    const steps = kept.review.steps.map((step) => withFreshSecret(step, options.sources ?? []));
    return runSteps(ports, going, steps, options);
  });
}

/**
 * Asks the server about every step in doubt and about what has become of the objects that are done, and keeps what it
 * says: an exact account, without going on. Where the server cannot be asked the doubt stays, and `problem` says why.
 */
export async function checkPush(ports: RunPorts, journal: Journal): Promise<Journal> {
  return runClaimed(ports.journals, journal, async (kept) => {
    const settled = await settledPush(ports, kept);
    await ports.journals.write(settled.id, journalText(settled));
    return settled;
  });
}

/** On another control plane at the same address nothing tells what has become of it. */
async function settledPush(ports: RunPorts, kept: Journal): Promise<Journal> {
  const problem = await otherPlane(ports.api, kept.review);
  if (problem === '') return askForDoubts(ports, kept);
  return { ...kept, state: kept.state === 'running' ? 'stopped' : kept.state, problem };
}

/** A push at work: the journal as it is now, and how it is told and kept. */
interface Run {
  readonly ports: RunPorts;
  readonly options: RunOptions;
  readonly steps: readonly PushStep[];
  readonly secrets: OldSecretValues;
  /** Whether another window has taken the push. */
  isLost: boolean;
  /** Whether what only the engine could check was shown to the server. */
  isChecked: boolean;
  journal: Journal;
  set(index: number, state: StepState): Promise<void>;
  tell(index: number, waitingFor?: readonly string[]): void;
}

async function runSteps(
  ports: RunPorts,
  start: Journal,
  steps: readonly PushStep[],
  options: RunOptions,
): Promise<Journal> {
  const run = createRun(ports, start, steps, options);
  try {
    await keep(run, start);
    for (const [index, step] of steps.entries()) {
      const state = run.journal.states[index];
      if (state?.type === 'done' || state?.type === 'dropped') continue;
      if (options.signal?.aborted === true) return await end(run, 'stopped');
      run.tell(index);
      if (isUnseen(step) && !(await checkUnseen(run))) return await end(run, 'stopped');
      const isDone = isWriteStep(step)
        ? await runWrite(run, index, step)
        : await runWait(run, index, step);
      run.tell(index);
      if (!isDone) return await end(run, 'stopped');
    }
    await markUndone(run);
    return await end(run, 'done');
  } catch (error) {
    // The journal cannot be kept: nothing more is written, for a restart would know nothing of it.
    const problem = run.isLost ? lostMessage : notKept(error);
    return { ...run.journal, state: 'stopped', problem };
  }
}

const lostMessage =
  'Another window has taken this push while this one did not answer. This one has stopped; the other one says how far the push is.';

/** Nothing is written, to the server or to the journal, while another window may do so. */
async function checkClaim(run: Run): Promise<void> {
  run.isLost = !(await run.ports.journals.holds(run.journal.id));
  if (run.isLost) throw new Error(lostMessage);
}

function createRun(
  ports: RunPorts,
  journal: Journal,
  steps: readonly PushStep[],
  options: RunOptions,
): Run {
  const run: Run = {
    ports,
    options,
    steps,
    secrets: createOldSecretValues(journal),
    isLost: false,
    isChecked: false,
    journal,
    async set(index, state) {
      // Before a step nothing has happened to it yet; after it, what has is told in any case.
      if (state.type === 'running') await checkClaim(run);
      run.journal = { ...run.journal, states: run.journal.states.with(index, state) };
      if (state.type !== 'running') await checkClaim(run);
      await ports.journals.append(journal.id, stateText(index, state));
    },
    tell(step, waitingFor = []) {
      options.onProgress?.({ journal: run.journal, step, waitingFor });
    },
  };
  return run;
}

/** All of a journal is written where a run begins and ends; between them what is added to it. */
async function keep(run: Run, journal: Journal): Promise<void> {
  run.journal = journal;
  await checkClaim(run);
  await run.ports.journals.write(journal.id, journalText(journal));
}

async function end(run: Run, state: Journal['state']): Promise<Journal> {
  await keep(run, { ...run.journal, state });
  return run.journal;
}

/** Asks the server once about what no dry run of the review could check. Answers whether to go on. */
async function checkUnseen(run: Run): Promise<boolean> {
  if (run.isChecked) return true;
  const { api, clock } = run.ports;
  const { signal } = run.options;
  const refused = await refusedUnseen({ api, clock, signal }, run.journal, run.steps);
  if (signal?.aborted === true) return false;
  for (const { index, message } of refused) {
    await run.set(index, { type: 'failed', at: clock.now(), message });
  }
  run.isChecked = true;
  return refused.length === 0;
}

/** Does one writing step. Answers whether to go on. */
async function runWrite(run: Run, index: number, step: WriteStep): Promise<boolean> {
  const { api, clock } = run.ports;
  let before: JsonObject | undefined;
  const earlier = earlierResult(run.journal, index);
  const answer = await writeStep({
    api,
    step,
    ...(earlier && { earlier }),
    isHeld: isHeldBefore(run.journal, index),
    begin: async (held) => {
      // Putting back takes two writes; what was there before the first one is what counts, also when it is resumed.
      before = step.type === 'restore' ? step.change.before : held;
      const kept = before && withoutSecretValues(before);
      await run.set(index, { type: 'running', since: clock.now(), ...(kept && { before: kept }) });
    },
  });
  const known = answer.type === 'doubt' ? await lookOnce(run, step, before, answer) : answer;
  if (known.type === 'done') {
    run.secrets.note(templateKey(referenceOf(step)), before, known.result);
  }
  await run.set(index, writtenState(known, before, clock.now()));
  return known.type === 'done';
}

function writtenState(answer: WriteAnswer, before: JsonObject | undefined, at: number): StepState {
  const kept = before && { before: withoutSecretValues(before) };
  switch (answer.type) {
    case 'done':
      return {
        type: 'done',
        at,
        ...kept,
        ...(answer.result && { result: withoutSecretValues(answer.result) }),
        ...(answer.note !== undefined && { note: answer.note }),
      };
    case 'failed':
      return {
        type: 'failed',
        at,
        message: answer.message,
        ...(answer.isOutdated === true && { isOutdated: true }),
      };
    case 'doubt':
      return { type: 'running', since: at, ...kept, message: answer.message };
  }
}

/** The server did not say whether it wrote: where it shows that it did, all is known. */
async function lookOnce(
  run: Run,
  step: WriteStep,
  before: JsonObject | undefined,
  answer: WriteAnswer,
): Promise<WriteAnswer> {
  try {
    const now = await getOrNone(run.ports.api, referenceOf(step));
    if (standingOf(step, before, now) !== 'done') return answer;
    return { type: 'done', ...(now && step.type !== 'delete' && { result: now }) };
  } catch {
    return answer;
  }
}

async function runWait(run: Run, index: number, step: WaitStep): Promise<boolean> {
  const { api, model, clock } = run.ports;
  const { signal, isSkipped, waitLimit = usualWaitLimits[step.type] } = run.options;
  await run.set(index, { type: 'running', since: clock.now() });
  const answer = await waitStep({
    api,
    model,
    clock,
    step,
    review: run.journal.review,
    secrets: run.secrets,
    limit: waitLimit,
    signal,
    isSkipped: () => isSkipped?.(step.id) ?? false,
    waitingFor: (what) => run.tell(index, what),
  });
  const at = clock.now();
  switch (answer.type) {
    case 'done':
      await run.set(index, { type: 'done', at });
      return true;
    case 'skipped':
      await run.set(index, { type: 'dropped' });
      return true;
    case 'cancelled':
      await run.set(index, { type: 'waiting' });
      return false;
    case 'late':
      await run.set(index, { type: 'failed', at, message: lateMessage(answer.missing, waitLimit) });
      return false;
    case 'failed':
      await run.set(index, { type: 'failed', at, message: `Failed: ${listed(answer.failed)}` });
      return false;
  }
}

function lateMessage(missing: readonly string[], limit: number): string {
  const minutes = Math.max(1, Math.round(limit / 60_000));
  return `Not yet as expected after ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}: ${listed(missing)}`;
}

/** The first few, as the end of a sentence. */
function listed(texts: readonly string[]): string {
  const rest = texts.length > 5 ? ` and ${texts.length - 5} more` : '';
  const text = `${texts.slice(0, 5).join('; ')}${rest}`;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** An undo that is done makes the push that it undid undone. */
async function markUndone({ journal, ports: { journals } }: Run): Promise<void> {
  const { undoes } = journal.review;
  const text = undoes === undefined ? undefined : await journals.read(undoes);
  const undone = text === undefined ? undefined : readJournal(text);
  if (undone) await journals.write(undone.id, journalText({ ...undone, state: 'undone' }));
}

import { liveName } from '../../analysis/index.ts';
import type { UnsentPart } from '../../analysis/index.ts';
import { planPushInSteps } from '../plan/planPush.ts';
import type { PlanOptions } from '../plan/planPush.ts';
import type { ObjectReference } from '../../live/index.ts';
import { planeIdentity } from '../planeIdentity.ts';
import type { CancelSignal, JournalStore } from '../ports.ts';
import type { ObjectChange, PushReview, PushSource, Question } from '../types.ts';
import type { ConflictChoice } from './conflicts.ts';
import { heldDispatch } from './heldDispatch.ts';
import { inShortSteps } from './inShortSteps.ts';
import { inTurns } from './inTurns.ts';
import { isPushed, leftOutQuestions } from './leftOut.ts';
import { prepareChange } from './prepareChange.ts';
import { prepareDeletion } from './prepareDeletion.ts';
import { presentNamespaces } from './presentNamespaces.ts';
import { readGroundOn } from './readGround.ts';
import type { GroundPorts } from './readGround.ts';
import { readyPlane } from './readyPlane.ts';
import { refusals } from './refusals.ts';
import { withSecretChanges } from './secretEffects.ts';
import { surroundingsOf } from './surroundings.ts';
import { unmanagedObjects } from './unmanagedObjects.ts';

export interface PreparePorts extends GroundPorts {
  /** Tells of policies that are held which push holds them. */
  readonly journals?: JournalStore;
}

/** What is to be pushed where, and what was chosen for fields that others own. */
export interface PrepareRequest {
  readonly sources: readonly PushSource[];
  /** What the documents hold beside them that looks like an object and is none that could be sent. */
  readonly unsent?: readonly UnsentPart[];
  /** Objects that the documents no longer define and that are to go. Not those that are among the sources. */
  readonly deletions?: readonly ObjectReference[];
  /** The kubeconfig context, as sentences name it. */
  readonly context: string;
  /** The API server's URL. */
  readonly server: string;
  readonly title: string;
  readonly choices?: readonly ConflictChoice[];
  readonly options?: PlanOptions;
}

/**
 * Reviews a push: every object is read and dry-run with strict validation, what members will get of it is planned, and
 * what the user has to know is asked. Nothing is written. What a server says of single objects is in their verdicts;
 * rejects with `KubeError` when the server cannot be asked, and when the signal aborts.
 */
export async function preparePush(
  ports: PreparePorts,
  request: PrepareRequest,
  signal?: CancelSignal,
): Promise<PushReview> {
  const { api, journals, clock } = ports;
  const { choices = [], context, server, title, options } = request;
  const sources = request.sources.filter(isPushed);
  const cancel = signal ? { signal } : {};
  const plane = await readyPlane(ports, signal);
  const identity = await planeIdentity(api, signal);
  const present = await presentNamespaces(api, sources, signal);
  const around = surroundingsOf(plane, sources, present);
  const once = new Map(sources.map((source) => [liveName(source.reference), source]));
  const written = await inTurns(sources, async (source) => {
    const last = once.get(liveName(source.reference));
    if (last && last !== source) return repeated(source, last);
    return prepareChange(source, { api, choices, around, ...cancel });
  });
  const gone = goneObjects(request).filter((reference) => !once.has(liveName(reference)));
  const deleted = await inTurns(gone, (reference) =>
    prepareDeletion(reference, { api, around, ...cancel }),
  );
  const changes = [...written, ...deleted];
  // What the server refuses cannot be planned with; nothing is pushed then anyway.
  const sound = changes.filter(isSound);
  const { ground, questions } = await readGroundOn(plane, ports, sound, signal);
  const plan = await inShortSteps(planPushInSteps(ground, sound, options), clock, signal);
  const unmanaged = await unmanagedObjects(plan.effects, {
    ...{ api, ground, changes: sound, options },
    ...cancel,
  });
  const effects = withSecretChanges(plan.effects, sound);
  const held = await heldDispatch(
    { api, plane, model: ports.model.model, ...(journals && { journals }) },
    { effects, changes: sound, server },
  );
  return {
    type: 'push',
    ...{ title, context, server, plane: identity, changes, steps: plan.steps, effects },
    questions: unique([
      ...refusals(changes),
      ...plan.questions,
      ...held,
      ...questions,
      ...unmanaged,
      ...leftOutQuestions(request.sources, request.unsent),
    ]),
  };
}

/** Each once, and none that a push would not write either. */
function goneObjects({ deletions = [] }: PrepareRequest): readonly ObjectReference[] {
  const pushed = deletions.filter((reference) => isPushed({ reference, object: {} }));
  return [...new Map(pushed.map((reference) => [liveName(reference), reference])).values()];
}

function isSound({ type, after, verdicts }: ObjectChange): boolean {
  if (type !== 'delete') return after !== undefined;
  return verdicts.every(({ severity }) => severity !== 'error');
}

/** Two documents of one object: whichever comes last would win, and nobody chose it. */
function repeated(source: PushSource, { uri }: PushSource): ObjectChange {
  const file = uri.slice(uri.lastIndexOf('/') + 1);
  const message = `The same object is in ${file} once more. Leave one of them out.`;
  return {
    reference: source.reference,
    type: 'change',
    checkedBy: 'engine',
    source,
    conflicts: [],
    verdicts: [{ severity: 'error', message, field: 'metadata.name' }],
  };
}

function unique(questions: readonly Question[]): readonly Question[] {
  return [...new Map(questions.map((one) => [`${one.code}\n${one.message}`, one])).values()];
}

import { objectKey, type FleetModel } from '../model/index.ts';
import { lineKey } from './lineKey.ts';
import { isDispatchHeld, isWritten, stageOf, type LineFacts, type StageNow } from './stageOf.ts';
import { templateRows, type TemplateRows } from './templateRows.ts';
import {
  milestones,
  type Expectation,
  type Milestone,
  type Rollout,
  type RolloutLine,
  type RolloutRequest,
  type Stage,
} from './types.ts';

/** A failure that lasts as long is no passing one. */
const settleTime = 15_000;

/**
 * How far a push is on each cluster. Pure: times come from the rows, and where these do not say from `now`. A milestone
 * once reached keeps its time.
 *
 * @param now milliseconds since the epoch
 * @param before the same rollout, a moment ago
 */
export function rolloutOf(
  model: FleetModel,
  request: RolloutRequest,
  now: number,
  before?: Rollout,
): Rollout {
  const earlier = new Map(before?.lines.map((line) => [line.key, line]));
  const rowsOf = rememberRows(model, request);
  const lines = request.expectations.flatMap((expectation) => {
    const rows = rowsOf(expectation);
    return expectation.clusters.map((cluster) => {
      const key = lineKey(expectation.template, cluster);
      const works = request.baseline.works;
      const facts: LineFacts = {
        model,
        expectation,
        cluster,
        rows,
        baseline: Object.hasOwn(works, key) ? works[key] : undefined,
        now,
        before: earlier.get(key),
      };
      return lineOf(key, facts, request.since);
    });
  });
  const counts = countStages(lines);
  const isSettled = lines.every(
    (line) => isAtRest(line.stage) && (line.stage !== 'failed' || isFailedForGood(line, now)),
  );
  return { since: request.since, lines, counts, isSettled };
}

function rememberRows(
  model: FleetModel,
  { baseline: { events } }: RolloutRequest,
): (expectation: Expectation) => TemplateRows {
  const known = new Map<string, TemplateRows>();
  return ({ template, type }) => {
    const name = objectKey(template);
    // What fails where nothing is changed fails still.
    const since = type === 'stands' || !Object.hasOwn(events, name) ? 0 : (events[name] ?? 0);
    const key = `${template.apiVersion} ${name} ${since}`;
    const rows = known.get(key) ?? templateRows(model, template, since);
    known.set(key, rows);
    return rows;
  };
}

/** Whether nothing more is to come by itself, if it stays so. */
export function isAtRest(stage: Stage): boolean {
  return stage === 'ready' || stage === 'gone' || stage === 'held' || stage === 'failed';
}

/** Whether a failure has lasted, and Flux does not try again by itself. */
export function isFailedForGood(
  { stage, since, isRetried }: Pick<RolloutLine, 'stage' | 'since' | 'isRetried'>,
  now: number,
): boolean {
  return stage === 'failed' && isRetried !== true && now - since >= settleTime;
}

/** How many lines are in each stage. */
export function countStages(lines: readonly RolloutLine[]): Readonly<Record<Stage, number>> {
  const counts: Record<Stage, number> = {
    waiting: 0,
    scheduled: 0,
    written: 0,
    applied: 0,
    reconciling: 0,
    ready: 0,
    failed: 0,
    held: 0,
    leaving: 0,
    gone: 0,
  };
  for (const { stage } of lines) counts[stage] += 1;
  return counts;
}

function lineOf(key: string, facts: LineFacts, began: number): RolloutLine {
  const { before, expectation, cluster, now } = facts;
  const told = stageOf(facts);
  const at = timeOf(told, began, now);
  const line: RolloutLine = {
    key,
    template: expectation.template,
    cluster,
    stage: told.stage,
    message: told.message,
    ...(told.isRetried === true ? { isRetried: true } : {}),
    reached: reachedOf(facts, told, at),
    since: before?.stage === told.stage ? before.since : at,
  };
  return before && isSameLine(before, line) ? before : line;
}

/** Clocks of servers differ from ours: nothing was before it began, and nothing is yet to come. */
function timeOf({ at }: StageNow, began: number, now: number): number {
  const said = Date.parse(at);
  return Number.isNaN(said) ? now : Math.max(began, Math.min(now, said));
}

/** What was reached before stays; what lies before this stage was reached by now. */
function reachedOf(facts: LineFacts, { stage }: StageNow, at: number): RolloutLine['reached'] {
  const { before, now } = facts;
  const reached: Partial<Record<Milestone | 'gone', number>> = { ...before?.reached };
  if (stage === 'gone') reached.gone ??= at;
  const last = lastMilestone(facts, stage);
  for (const milestone of milestones.slice(0, milestones.indexOf(last ?? 'scheduled') + 1)) {
    if (last === undefined) break;
    reached[milestone] ??= milestone === stage ? at : Math.min(at, now);
  }
  return reached;
}

/** A line that failed or is held has come as far as its rows say. */
function lastMilestone(facts: LineFacts, stage: Stage): Milestone | undefined {
  const found = milestones.find((milestone) => milestone === stage);
  if (found) return found;
  if (stage !== 'failed' && stage !== 'held') return undefined;
  const work = facts.rows.works.get(facts.cluster);
  if (work && isWritten(facts, work)) {
    // Flux is suspended for what has arrived.
    return stage === 'held' && !isDispatchHeld(facts.rows, facts.cluster) ? 'applied' : 'written';
  }
  return facts.rows.wanted.has(facts.cluster) ? 'scheduled' : undefined;
}

function isSameLine(a: RolloutLine, b: RolloutLine): boolean {
  return (
    a.stage === b.stage &&
    a.message === b.message &&
    a.isRetried === b.isRetried &&
    a.since === b.since &&
    Object.keys(a.reached).length === Object.keys(b.reached).length
  );
}

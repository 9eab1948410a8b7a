import { compareEvents, objectKey } from '../model/index.ts';
import type { EventRow } from '../rows.ts';
import { linkTo } from './claims.ts';
import type { Situation } from './situation.ts';
import type { WhyEvent } from './why.ts';

/** The cluster that an event speaks of, as `pkg/events` words it or by the execution namespace; '' for none. */
export function clusterOfEvent({ about, message }: EventRow): string {
  if (about.kind === 'Work' && about.namespace.startsWith('karmada-es-')) {
    return about.namespace.slice('karmada-es-'.length);
  }
  if (about.kind === 'Cluster') return about.name;
  const found = /\b(?:member )?cluster(?:\(([^()\s]+)\)| ([a-z0-9][a-z0-9-]*)\b)/.exec(message);
  return found?.[1] ?? found?.[2] ?? '';
}

/** Good news: never a problem, only the end of one. */
export function isGoodNews({ type }: EventRow): boolean {
  return type === 'Normal';
}

/**
 * Whether a later event says that what failed went well: the same step for the same object, or, for an override, the
 * Works of the whole binding (`pkg/events/events.go`, `ensureWork` of `pkg/controllers/binding/common.go`).
 */
export function isEnded(event: EventRow, events: readonly EventRow[]): boolean {
  return events.some(
    (later) => isGoodNews(later) && compareEvents(event, later) < 0 && ends(later, event),
  );
}

function ends(good: EventRow, bad: EventRow): boolean {
  const isOfWork = [good, bad].some(({ about }) => about.kind === 'Work');
  if (isOfWork && objectKey(good.about) !== objectKey(bad.about)) return false;
  const on = clusterOfEvent(good);
  if (on !== '' && on !== clusterOfEvent(bad)) return false;
  if (good.reason === bad.reason.replace(/Failed$/, 'Succeed')) return true;
  return bad.reason === 'ApplyOverridePolicyFailed' && good.reason === 'SyncWorkSucceed';
}

/**
 * Karmada's warnings on a template, its binding and its Works, newest first. Kubernetes keeps events for an hour, so many
 * speak of what is well by now.
 *
 * @param cluster only those that speak of this cluster or of none
 */
export function eventsFor(situation: Situation, cluster?: string): readonly WhyEvent[] {
  const seen = new Set<string>();
  return situation.events.flatMap((event): WhyEvent[] => {
    if (isGoodNews(event)) return [];
    const on = clusterOfEvent(event);
    if (cluster !== undefined && !concerns(situation, event, on, cluster)) return [];
    // Karmada says most things of the template and of the binding.
    const key = JSON.stringify([event.reason, event.message]);
    if (seen.has(key)) return [];
    seen.add(key);
    const { reason, message, by, count, lastAt, about } = event;
    const isOver = isEventOver(situation, event, on);
    if (isOver && isHarmless(event)) return [];
    return [{ at: lastAt, count, by, reason, about: [linkTo(about)], message, on, isOver }];
  });
}

/** Karmada's controllers race for a new binding; whoever loses warns, and nothing has come of it. */
function isHarmless({ reason, message }: EventRow): boolean {
  return reason === 'ApplyPolicyFailed' && message.endsWith('already exists');
}

/** The event with the error of an override names no cluster, but the error is known of each. */
function concerns(
  { renderErrors }: Situation,
  { reason, message }: EventRow,
  on: string,
  cluster: string,
): boolean {
  if (on !== '') return on === cluster;
  const isKnown = reason === 'SyncWorkFailed' && [...renderErrors.values()].includes(message);
  return !isKnown || renderErrors.get(cluster) === message;
}

/** Whether what an event speaks of is well by now. */
function isEventOver(situation: Situation, event: EventRow, on: string): boolean {
  const { binding, renderErrors, works, expected, events } = situation;
  if (isEnded(event, events)) return true;
  switch (event.reason) {
    case 'ApplyPolicyFailed':
      return binding !== undefined && (isHarmless(event) || binding.createdAt > event.lastAt);
    case 'ScheduleBindingFailed':
      return binding?.scheduled?.status === 'True';
    case 'ApplyOverridePolicyFailed':
      return on !== '' && !renderErrors.has(on) && works.has(on);
    case 'SyncWorkFailed':
      return renderErrors.size === 0 && [...expected].every((name) => works.has(name));
    case 'SyncFailed': {
      const applied = works.get(on)?.applied;
      return applied?.status === 'True' && works.get(on)?.isDispatchSuspended !== true;
    }
    default:
      return false;
  }
}

import type { JsonObject, Result } from '../../engine/index.ts';
import { maskErrorText } from '../../analysis/index.ts';
import type { EventRow } from '../rows.ts';
import type { Interner } from './interner.ts';
import { problemOf, startReading, type Reading } from './metadata.ts';

/**
 * Reads an Event, of the core API or of events.k8s.io, which names the same things differently. Karmada's errors may
 * quote the object that they are about, so those about a Secret are masked. An error, as a sentence, for what has no
 * name.
 */
export function readEvent(value: unknown, interner: Interner): Result<EventRow> {
  const started = startReading(value, interner);
  if ('error' in started) return started;
  const reading = started.value;
  const { object, shape } = reading;
  const about = readAbout(reading);
  const message = shape.text(object, 'message', '') || shape.text(object, 'note', '');
  const row: Omit<EventRow, 'problem'> = {
    ...reading.common,
    reason: shape.text(object, 'reason', ''),
    message: isAboutSecret(about) ? maskErrorText(message) : message,
    type: shape.text(object, 'type', ''),
    about,
    by: reporter(reading),
    ...readTimes(reading),
  };
  return { value: { ...row, ...problemOf(reading) } };
}

/** Karmada tells the same error on the binding, whose name ends in the kind (`GenerateBindingName` of `pkg/util/names`). */
function isAboutSecret({ kind, name }: EventRow['about']): boolean {
  return kind === 'Secret' || (kind.endsWith('ResourceBinding') && name.endsWith('-secret'));
}

function readAbout({ object, shape }: Reading): EventRow['about'] {
  const place = Object.hasOwn(object, 'regarding') ? 'regarding' : 'involvedObject';
  const about = shape.object(object, place, '');
  const text = (key: string): string => shape.text(about, key, place);
  return {
    apiVersion: text('apiVersion'),
    kind: text('kind'),
    namespace: text('namespace'),
    name: text('name'),
    uid: text('uid'),
  };
}

function reporter({ object, shape }: Reading): string {
  const component = (key: string): string =>
    shape.text(shape.object(object, key, ''), 'component', key);
  return (
    shape.text(object, 'reportingComponent', '') ||
    shape.text(object, 'reportingController', '') ||
    component('source') ||
    component('deprecatedSource')
  );
}

function readTimes({
  object,
  shape,
  common,
}: Reading): Pick<EventRow, 'count' | 'firstAt' | 'lastAt'> {
  const series: JsonObject = shape.object(object, 'series', '');
  const text = (key: string): string => shape.text(object, key, '');
  const number = (key: string): number => shape.number(object, key, '');
  const firstAt = text('firstTimestamp') || text('deprecatedFirstTimestamp') || text('eventTime');
  const lastAt =
    shape.text(series, 'lastObservedTime', 'series') ||
    text('lastTimestamp') ||
    text('deprecatedLastTimestamp') ||
    text('eventTime');
  return {
    count:
      shape.number(series, 'count', 'series') || number('count') || number('deprecatedCount') || 1,
    firstAt: firstAt || common.createdAt,
    lastAt: lastAt || common.createdAt,
  };
}

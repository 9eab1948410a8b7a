import { isObject, memberAt, stringMember } from '../../engine/index.ts';
import type { Finding } from '../findings/finding.ts';
import type { Snapshot } from '../snapshot.ts';
import { fixBy } from './changes.ts';
import type { Fix } from './fix.ts';
import { entryOf, removeEntry, withField } from './overrideEntry.ts';
import type { FoundEntry } from './overrideEntry.ts';

/** Makes an entry do what it seems to be for, or takes it out. */
export function overrideNoEffect(snapshot: Snapshot, finding: Finding): readonly Fix[] {
  const found = entryOf(snapshot, finding);
  return found ? [...addKey(found), ...pointAtImage(found), ...removeEntry(found)] : [];
}

/** `replace` skips a label that is not there. */
function addKey(found: FoundEntry): readonly Fix[] {
  const list = found.path.at(-2);
  const isMap = list === 'labelsOverrider' || list === 'annotationsOverrider';
  if (!isMap || stringMember(found.entry, 'operator') !== 'replace') return [];
  return fixBy('Change to add', [withField(found, 'operator', 'add')], { preferred: true });
}

const imagePaths = [
  ['spec', 'values', 'image'],
  ['spec', 'values', 'image', 'repository'],
] as const;

/** Where the values of every release hold the name of an image. */
function pointAtImage(found: FoundEntry): readonly Fix[] {
  const { path, entry, templates } = found;
  if (path.at(-2) !== 'imageOverrider' || isObject(entry['predicate'])) return [];
  const component = stringMember(entry, 'component');
  const place = imagePaths.find((steps) =>
    templates.every(({ simulation }) => {
      const image = memberAt(simulation.template, ...steps);
      // A repository has its tag beside it.
      return typeof image === 'string' && (component !== 'Tag' || image.includes(':'));
    }),
  );
  if (!place) return [];
  const target = `/${place.join('/')}`;
  return fixBy(
    `Set predicate.path to ${target}`,
    [withField(found, 'predicate', { path: target })],
    {
      preferred: true,
    },
  );
}

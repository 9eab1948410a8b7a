import type { JournalStore } from '../../push/index.ts';
import type { TextFolder } from './textFolder.ts';

/*
 * The editor's file system adds nothing to files. So what is added to a text lies in files of its own beside it, until all
 * of it is written again. The first line of a text is a mark that the names of its additions carry, so that those of a text
 * that has been replaced since count no more. A text is whole or not there; of the last addition a part may be there, which
 * costs half the time: a push waits for two additions with each object.
 */

/** Reads, writes and removes texts of a folder, by id. */
export function createTexts(
  folder: TextFolder,
  owner: string,
): Pick<JournalStore, 'read' | 'write' | 'append' | 'remove'> {
  let last = 0;
  /** How many additions a text has, by id, and its mark: of the texts that this window has written. */
  const additions = new Map<string, { readonly mark: string; count: number }>();
  const additionsOf = async (id: string): Promise<readonly string[]> => {
    const names = await folder.names();
    return names.filter((name) => additionOf(name)?.id === encodeURIComponent(id)).sort();
  };
  const removeAdditions = async (id: string): Promise<void> => {
    await Promise.all((await additionsOf(id)).map((name) => folder.remove(name)));
  };
  return {
    async read(id) {
      const text = await folder.read(textName(id));
      if (text === undefined) return undefined;
      const end = text.indexOf('\n');
      const mark = text.slice(0, end);
      const names = (await additionsOf(id)).filter((name) => additionOf(name)?.mark === mark);
      const parts = await Promise.all(names.map((name) => folder.read(name)));
      return [text.slice(end + 1), ...parts].join('');
    },
    async write(id, text) {
      last += 1;
      const mark = `${owner}-${last}`;
      await folder.write(textName(id), `${mark}\n${text}`);
      additions.set(id, { mark, count: 0 });
      await removeAdditions(id);
    },
    async append(id, text) {
      const known = additions.get(id);
      if (!known)
        throw new Error('Text can only be added to a journal that this window has written.');
      known.count += 1;
      const number = String(known.count).padStart(8, '0');
      await folder.begin(`${encodeURIComponent(id)}.${known.mark}.${number}.add`, text);
    },
    async remove(id) {
      additions.delete(id);
      await folder.remove(textName(id));
      await removeAdditions(id);
    },
  };
}

/** Takes the name of an addition apart: `ID.MARK.NUMBER.add`. */
function additionOf(name: string): { readonly id: string; readonly mark: string } | undefined {
  const [, id = '', mark = ''] = /^(.*)\.([^.]+)\.\d+\.add$/.exec(name) ?? [];
  return id === '' ? undefined : { id, mark };
}

const ending = '.json';

function textName(id: string): string {
  return `${encodeURIComponent(id)}${ending}`;
}

/** The id of a text, by the name of its file; `undefined` for other files. */
export function idOf(name: string): string | undefined {
  if (!name.endsWith(ending)) return undefined;
  try {
    return decodeURIComponent(name.slice(0, -ending.length));
  } catch {
    return undefined;
  }
}

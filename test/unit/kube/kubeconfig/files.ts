/** A `readFile` over texts by path; it counts what is read. */
export interface FakeFiles {
  readonly texts: Map<string, string>;
  readonly reads: string[];
  readonly readFile: (path: string) => Promise<string>;
}

export function fakeFiles(texts: Readonly<Record<string, string>>): FakeFiles {
  const files: FakeFiles = {
    texts: new Map(Object.entries(texts)),
    reads: [],
    readFile: async (path) => {
      files.reads.push(path);
      const text = files.texts.get(path);
      if (text === undefined) throw Object.assign(new Error('none'), { code: 'ENOENT' });
      if (text === 'locked') throw Object.assign(new Error('no'), { code: 'EACCES' });
      return await Promise.resolve(text);
    },
  };
  return files;
}

/**
 * Which fields of a value a validator never looks at.
 *
 * The validators of `kubernetes-models` are compiled code: they read each field they know and pass over the rest. So a field that
 * was not read is one the API does not have. A map, such as labels, is walked key by key, and all of its keys count as read.
 *
 * @param look is given the value, wrapped, and reads what it knows.
 * @returns paths such as `/spec/template/spec/containers/0/comand`; nothing inside a field that is itself unread.
 */
export function unreadFields(value, look) {
  const watched = new Map();
  look(watch(value, watched));
  return unread(value, '', watched);
}

function watch(value, watched) {
  if (typeof value !== 'object' || value === null) return value;
  const known = watched.get(value);
  if (known) return known.proxy;
  const seen = { read: new Set(), walked: false, proxy: undefined };
  seen.proxy = new Proxy(value, {
    get(target, key) {
      if (typeof key === 'string') seen.read.add(key);
      return watch(target[key], watched);
    },
    ownKeys(target) {
      seen.walked = true;
      return Reflect.ownKeys(target);
    },
  });
  watched.set(value, seen);
  return seen.proxy;
}

function unread(value, path, watched) {
  if (typeof value !== 'object' || value === null) return [];
  const seen = watched.get(value);
  // Handed over and not looked into: a value of any shape.
  if (!seen) return [];
  return Object.keys(value).flatMap((key) => {
    const at = `${path}/${key}`;
    return seen.walked || seen.read.has(key) ? unread(value[key], at, watched) : [at];
  });
}

/** Remembers which paths answer which methods, so that a wrong method is told from an unknown path. */
export class KnownRoutes {
  private readonly routes: { readonly pattern: RegExp; readonly method: string }[] = [];

  add(method: string, path: string): void {
    const pattern = path
      .split('/')
      .map((part) => (part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : literal(part)))
      .join('/');
    this.routes.push({ method, pattern: new RegExp(`^${pattern}$`, 'u') });
  }

  /** Empty: nothing is at this path. */
  methodsOf(path: string): readonly string[] {
    return [...new Set(this.routes.filter((route) => route.pattern.test(path)).map((route) => route.method))].filter(
      (method) => method !== 'HEAD',
    );
  }
}

const literal = (text: string): string => text.replaceAll(/[$()*+./?[\\\]^{|}]/gu, String.raw`\$&`);

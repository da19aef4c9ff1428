import type { OpenAPIObject } from '@nestjs/swagger';

/** The document as it is served; made when it is first asked for, so that a start does not wait for it. */
export class Documentation {
  private make: (() => OpenAPIObject) | null = null;
  private made: string | null = null;

  /** Told once, when the application has its routes. */
  from(make: () => OpenAPIObject): void {
    this.make = make;
  }

  json(): string {
    if (this.made === null) {
      if (this.make === null) throw new Error('the application has no document yet');
      this.made = JSON.stringify(this.make());
    }
    return this.made;
  }
}

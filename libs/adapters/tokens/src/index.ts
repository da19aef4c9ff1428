export { O200kTokenCounter } from './o200k-token-counter.ts';

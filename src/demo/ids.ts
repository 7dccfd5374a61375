/** Fixed ids in the shape of the marketplace's: the demo has no chance in it. */
export const companyId = (n: number) => uuidOf('c0a7b001', n);
export const productId = (n: number) => uuidOf('9d0c7002', n);
export const subProductId = (n: number) => uuidOf('5b9d0c03', n);
export const subscriptionId = (n: number) => uuidOf('5c71b004', n);
export const summaryId = (n: number) => uuidOf('a8a6e005', n);

function uuidOf(family: string, n: number): string {
  return `${family}-2020-4a11-8b1e-${String(n).padStart(12, '0')}`;
}

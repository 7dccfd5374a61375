/** One month of one vendor as CSV: 2,000 sites x 50 sub-products make 100,000 lines of about 100 bytes. The numbers repeat from run to run. */
export function usageCsv(sites: number, subProducts: number, day: string): string {
  const lines = ['Domain,Customer,Product,Sub-product,SKU,Date,Quantity,Unit price,Unit cost,Currency'];
  let seed = 20_210_103;
  for (let site = 0; site < sites; site++) {
    for (let sub = 0; sub < subProducts; sub++) {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      const quantity = seed % 250;
      const price = ((seed >>> 8) % 2000) + 100;
      const cost = Math.floor(price * 0.8);
      lines.push(
        `customer-${site}.example.com,Customer number ${site},Proofpoint,Package ${sub},PFPT-${1000 + sub},${day},${quantity},${money(price)},${money(cost)},USD`,
      );
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** How that file is read. */
export const usageProfile = {
  delimiter: ',',
  header: ['Domain', 'Customer', 'Product', 'Sub-product', 'SKU', 'Date', 'Quantity', 'Unit price', 'Unit cost', 'Currency'],
  decimals: 'point' as const,
  dates: 'iso' as const,
  columns: {
    site: 0,
    account: 1,
    product: 2,
    subProductName: 3,
    subProductId: 4,
    date: 5,
    quantity: 6,
    unitPrice: 7,
    unitCost: 8,
    currency: 9,
  },
  constants: { product: null, subProductName: null, currency: null },
};

function money(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}

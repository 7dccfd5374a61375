// Runs before the first paint, so a chosen theme never flashes. 'system' or nothing follows the device.
try {
  const theme = localStorage.getItem('tallyline.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; the page then follows the device.
}

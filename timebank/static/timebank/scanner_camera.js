// Reads QR codes from the camera or from a photo: by the browser itself where it can, else by the
// reader we serve (vendor/qr).

const WIDEST = 720;
const PAUSE = 180;

let detector = null;
let decode = null;

/** Make ready to read; the reader is fetched now, so that it is there without a network, also where
 *  the browser says it can read by itself: it may fail to when it is asked. */
export async function prepare(readerAddress) {
  ({ decodeQR: decode } = await import(readerAddress));
  if (!("BarcodeDetector" in window)) return;
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
  if (formats.includes("qr_code")) detector = new BarcodeDetector({ formats: ["qr_code"] });
}

const canvas = document.createElement("canvas");

async function read(source, width, height) {
  if (!width || !height) return "";
  const scale = Math.min(1, WIDEST / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(source, 0, 0, canvas.width, canvas.height);
  if (detector) {
    try {
      const found = await detector.detect(canvas);
      return found[0]?.rawValue ?? "";
    } catch {
      detector = null; // it cannot after all; the reader we brought goes on
    }
  }
  try {
    return decode(pen.getImageData(0, 0, canvas.width, canvas.height));
  } catch {
    return ""; // no code in this picture
  }
}

/** What stands in the code on a photo; empty where there is none. */
export async function readPhoto(file) {
  const picture = await createImageBitmap(file);
  const text = await read(picture, picture.width, picture.height);
  picture.close();
  return text;
}

/** Look through the camera until told to stop; `found` hears whatever is read. */
export async function watch(video, found) {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: "environment", width: { ideal: 1280 } },
    audio: false,
  });
  video.srcObject = stream;
  await video.play();
  let goesOn = true;
  (async () => {
    while (goesOn) {
      const text = await read(video, video.videoWidth, video.videoHeight);
      if (text) await found(text);
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  })();
  return () => {
    goesOn = false;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
}

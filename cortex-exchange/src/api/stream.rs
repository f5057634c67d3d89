//! Between requests and answers that come piece by piece, and files that are read and written on a blocking thread.

use std::future::poll_fn;
use std::io::{self, Read, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

use cortex_core::{ByteSize, Error, Result};
use cortex_web::axum::body::{Body, Bytes, HttpBody};
use http_body::Frame;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::blocking;
use crate::error::ExchangeError;
use crate::source::Source;

/// Pieces that wait for the other side.
const WAITING: usize = 8;
/// Bytes of one piece of an answer.
const PIECE: usize = 64 * 1024;

type Piece = io::Result<Bytes>;

/// Keeps the body of a request in a temporary file.
pub(super) async fn spool(mut body: Body, limit: ByteSize) -> Result<Source> {
    let (sender, receiver) = channel::<Piece>(WAITING);
    let kept = tokio::spawn(blocking(move || Source::spool(Pieces { receiver, rest: Bytes::new() })));
    let mut bytes = 0_u64;
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let piece = match frame {
            Ok(frame) => frame.into_data().unwrap_or_default(),
            Err(error) => {
                drop(sender.send(Err(io::Error::other(error.to_string()))).await);
                break;
            }
        };
        bytes += piece.len() as u64;
        if bytes > limit.bytes() {
            let error = ExchangeError::TooLarge { limit: limit.to_string() };
            drop(sender.send(Err(io::Error::other(error))).await);
            break;
        }
        if sender.send(Ok(piece)).await.is_err() {
            break;
        }
    }
    drop(sender);
    kept.await.unwrap_or_else(|e| Err(Error::internal("panic", "the file could not be kept").with_source(e)))
}

/// The pieces of a request as a reader.
struct Pieces {
    receiver: Receiver<Piece>,
    rest: Bytes,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() {
            match self.receiver.blocking_recv() {
                Some(piece) => self.rest = piece?,
                None => return Ok(0),
            }
        }
        let count = self.rest.len().min(buffer.len());
        let piece = self.rest.split_to(count);
        if let Some(place) = buffer.get_mut(..count) {
            place.copy_from_slice(&piece);
        }
        Ok(count)
    }
}

/// The body of an answer that `write` writes. What fails before the first piece is an error like any other; after it,
/// the answer ends early, which clients notice.
pub(super) async fn body(write: impl FnOnce(&mut (dyn Write + Send)) -> Result<()> + Send + 'static) -> Result<Body> {
    let (sender, mut receiver) = channel::<Piece>(WAITING);
    let (told, hears) = tokio::sync::oneshot::channel();
    tokio::task::spawn_blocking(move || {
        let mut sink = Sink { sender, piece: Vec::with_capacity(PIECE), sent: false };
        let done = write(&mut sink).and_then(|()| sink.flush().map_err(crate::write::unwritten));
        match done {
            Ok(()) => {}
            Err(error) if sink.sent => {
                tracing::warn!(%error, "an export ended early");
                drop(sink.sender.blocking_send(Err(io::Error::other(error.to_string()))));
            }
            Err(error) => drop(told.send(error)),
        }
    });
    let first = receiver.recv().await;
    if first.is_none()
        && let Ok(error) = hears.await
    {
        return Err(error);
    }
    Ok(Body::new(Answer { first, receiver }))
}

/// Collects what is written into pieces.
struct Sink {
    sender: Sender<Piece>,
    piece: Vec<u8>,
    sent: bool,
}

impl Write for Sink {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(buffer);
        if self.piece.len() >= PIECE {
            self.flush()?;
        }
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        self.sent = true;
        self.sender.blocking_send(Ok(piece.into())).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

/// The pieces of an answer.
struct Answer {
    first: Option<Piece>,
    receiver: Receiver<Piece>,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(first.map(Frame::data)));
        }
        self.receiver.poll_recv(cx).map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}

# The production image: the product and nothing that is only for trying or testing it.

# Style sheets, scripts and icons. The icons in use are read from templates and Python files, so all of them are here.
FROM node:22-slim AS frontend
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build

# Python packages, exactly the locked ones.
FROM python:3.11-slim AS packages
COPY requirements.lock /
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r /requirements.lock

FROM python:3.11-slim
RUN groupadd --system --gid 10001 aftersale \
 && useradd --system --uid 10001 --gid aftersale --home-dir /app --shell /usr/sbin/nologin aftersale \
 && mkdir -p /data/media /data/beat && chown -R aftersale:aftersale /data
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
COPY --from=frontend /app/static/vendor static/vendor
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_ENV=production MEDIA_ROOT=/data/media STATIC_ROOT=/app/staticfiles
# Collecting reads the settings, which want their values; these last for this line only.
RUN SECRET_KEY=only-while-building ALLOWED_HOSTS=build DATABASE_URL=postgres://build/build REDIS_URL=redis://build \
    python manage.py collectstatic --no-input
USER aftersale
EXPOSE 8000
VOLUME /data
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", \
     "--respawn-failed-workers", "--no-ws", "dealership.wsgi:application"]
